import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** A font that comes with the installation, as subset files of an npm package. */
export interface BundledFont {
  /** Also the stem of the package's file names. */
  id: string
  family: string
  kind: 'sans' | 'serif' | 'brush'
  package: string
  /** Range of weights of the variable font, or its only weight. */
  weights: [number, number]
  /** Main scripts, ISO 15924. */
  scripts: string[]
}

const noto = (
  id: string,
  family: string,
  kind: BundledFont['kind'],
  scripts: string[],
  lightest = 100,
): BundledFont => ({ id, family, kind, package: `@fontsource-variable/${id}`, weights: [lightest, 900], scripts })

/** All under the SIL Open Font License 1.1: NOTICES.md. */
export const BUNDLED_FONTS: readonly BundledFont[] = [
  noto('noto-sans', 'Noto Sans', 'sans', ['Latn', 'Cyrl', 'Grek', 'Deva']),
  noto('noto-sans-sc', 'Noto Sans SC', 'sans', ['Hans', 'Hant', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-jp', 'Noto Sans JP', 'sans', ['Jpan', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-tc', 'Noto Sans TC', 'sans', ['Hant', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-hebrew', 'Noto Sans Hebrew', 'sans', ['Hebr', 'Latn']),
  noto('noto-sans-arabic', 'Noto Sans Arabic', 'sans', ['Arab', 'Latn']),
  noto('noto-serif', 'Noto Serif', 'serif', ['Latn', 'Cyrl', 'Grek']),
  noto('noto-serif-sc', 'Noto Serif SC', 'serif', ['Hans', 'Hant', 'Kana', 'Latn', 'Cyrl'], 200),
  {
    id: 'ma-shan-zheng',
    family: 'Ma Shan Zheng',
    kind: 'brush',
    package: '@fontsource/ma-shan-zheng',
    weights: [400, 400],
    scripts: ['Hans', 'Latn'],
  },
]

interface Subset {
  path: string
  /** Inclusive code point ranges. */
  ranges: [number, number][]
}

/** "U+0-FF,U+131" → [[0, 255], [305, 305]]. */
function parseRanges(text: string): [number, number][] {
  return text.split(',').map(part => {
    const [from, to] = part.trim().slice(2).split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to ?? from, 16)]
  })
}

const subsets = new Map<string, Subset[]>()

/** The package's subset files with the code points that each is meant for, read once from its unicode.json. */
function subsetsOf(font: BundledFont): Subset[] {
  let known = subsets.get(font.id)
  if (!known) {
    const folder = dirname(require.resolve(`${font.package}/package.json`))
    const listed: Record<string, string> = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'))
    const style = font.weights[0] === font.weights[1] ? `${font.weights[0]}` : 'wght'
    known = Object.entries(listed).map(([name, ranges]) => ({
      path: join(folder, 'files', `${font.id}-${name.replace(/[[\]]/g, '')}-${style}-normal.woff2`),
      ranges: parseRanges(ranges),
    }))
    subsets.set(font.id, known)
  }
  return known
}

/**
 * The subset files of a bundled font that are meant for a code point. Ranges are shared among a foundry's fonts and may
 * name characters that this font lacks: only the file itself tells.
 */
export function bundledFiles(font: BundledFont, codePoint: number): string[] {
  return subsetsOf(font)
    .filter(({ ranges }) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to))
    .map(({ path }) => path)
}
