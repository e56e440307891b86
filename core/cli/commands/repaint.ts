import { resolve } from 'node:path'
import { tilesOfVersion } from '../../contract/larger.ts'
import { type Repaint, repaintSchema } from '../../contract/repaint.ts'
import type { RequestInput } from '../../contract/request.ts'
import { phrase } from '../../faults/fault.ts'
import { parse as parseChecked } from '../../faults/parse.ts'
import { paintVersion } from '../paint-version.ts'
import { number, parse, UsageError } from './arguments.ts'

const OPTIONS = {
  strokes: { type: 'string' },
  radical: { type: 'boolean' },
  blocks: { type: 'string' },
  ground: { type: 'boolean' },
  mask: { type: 'string' },
  grow: { type: 'string' },
  feather: { type: 'string' },
  prompt: { type: 'string' },
  strength: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  'no-library': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Enough to change what is painted, little enough to keep its place. */
const STRENGTH = 0.85

/** zihua repaint PICTURE --strokes 3,4 | --radical | --blocks N | --ground | --mask FILE … --out FILE|DIR */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 1, max: 1, missing: 'name the picture.' })
  if (!values.out) throw new UsageError('say where the picture goes with --out.')
  const repaint = repaintOf(values)
  const change = (request: RequestInput, initImage: string): RequestInput => ({
    ...request,
    ...{ initImage, strength: number('strength', values.strength) ?? STRENGTH, ...tilesOfVersion(request) },
    ...{ seed: number('seed', values.seed) ?? seedAfter(request.seed ?? 0), count: 1, latents: null, noise: null },
    ...(values.prompt !== undefined && { prompt: values.prompt }),
    repaint,
  })
  const { out, json = false } = values
  await paintVersion(positionals[0], change, { out, json, inLibrary: !values['no-library'] })
}

/** After the largest seed comes 0. */
const seedAfter = (seed: number): number => (seed < Number.MAX_SAFE_INTEGER ? seed + 1 : 0)

type Values = { [K in keyof typeof OPTIONS]?: (typeof OPTIONS)[K]['type'] extends 'boolean' ? boolean : string }

function repaintOf(values: Values): Repaint {
  const { radical = false, ground = false, mask } = values
  if (values.strokes === undefined && values.blocks === undefined && !radical && !ground && mask === undefined)
    throw new UsageError('say what is painted again: --strokes 3,4, --radical, --blocks 2, --ground or --mask FILE.')
  const written = {
    ...{ strokes: places('strokes', values.strokes), blocks: places('blocks', values.blocks), radical, ground },
    mask: mask === undefined ? null : resolve(mask),
    ...(values.grow !== undefined && { grow: number('grow', values.grow) }),
    ...(values.feather !== undefined && { feather: number('feather', values.feather) }),
  }
  return parseChecked(repaintSchema, written, phrase('theRequest')) as Repaint
}

const places = (option: string, text: string | undefined): number[] =>
  text === undefined ? [] : text.split(',').map(place => number(option, place.trim())!)
