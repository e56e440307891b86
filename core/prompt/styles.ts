/** The studio's own styles, in the order in which they are offered. */

import { parseStyle, type StyleDefinition } from './style.ts'
import artDeco from './styles/art-deco.json' with { type: 'json' }
import botanical from './styles/botanical.json' with { type: 'json' }
import chalk from './styles/chalk.json' with { type: 'json' }
import clay from './styles/clay.json' with { type: 'json' }
import comic from './styles/comic.json' with { type: 'json' }
import embroidery from './styles/embroidery.json' with { type: 'json' }
import goldFoil from './styles/gold-foil.json' with { type: 'json' }
import graffiti from './styles/graffiti.json' with { type: 'json' }
import inkWash from './styles/ink-wash.json' with { type: 'json' }
import mosaic from './styles/mosaic.json' with { type: 'json' }
import neon from './styles/neon.json' with { type: 'json' }
import oil from './styles/oil.json' with { type: 'json' }
import paperCut from './styles/paper-cut.json' with { type: 'json' }
import pixelArt from './styles/pixel-art.json' with { type: 'json' }
import stainedGlass from './styles/stained-glass.json' with { type: 'json' }
import watercolor from './styles/watercolor.json' with { type: 'json' }
import woodblock from './styles/woodblock.json' with { type: 'json' }

const files: Record<string, unknown> = {
  comic,
  watercolor,
  'ink-wash': inkWash,
  woodblock,
  oil,
  neon,
  'paper-cut': paperCut,
  'stained-glass': stainedGlass,
  embroidery,
  clay,
  'gold-foil': goldFoil,
  chalk,
  graffiti,
  'art-deco': artDeco,
  botanical,
  mosaic,
  'pixel-art': pixelArt,
}

export const BUILT_IN_STYLES: readonly StyleDefinition[] = Object.entries(files).map(([id, file]) =>
  parseStyle(file, `The style ${id}`),
)

/** A style of the studio's own, or null. */
export const builtInStyle = (id: string): StyleDefinition | null =>
  BUILT_IN_STYLES.find(style => style.id === id) ?? null
