import { LARGER_SIDE, largerRequest, sidesAt, UPSCALE_METHODS } from '../../contract/larger.ts'
import type { RequestInput } from '../../contract/request.ts'
import { LIMITS } from '../../contract/vocabulary.ts'
import { expectedTime } from '../../library/expected-time.ts'
import { paintVersion } from '../paint-version.ts'
import { number, oneOf, parse, UsageError } from './arguments.ts'

const OPTIONS = {
  side: { type: 'string' },
  method: { type: 'string' },
  strength: { type: 'string' },
  tile: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  'no-library': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** zihua upscale PICTURE --side 2048 --out FILE|DIR */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 1, max: 1, missing: 'name the picture.' })
  const { out, json = false } = values
  if (!out) throw new UsageError('say where the picture goes with --out.')
  const method = oneOf('method', values.method, UPSCALE_METHODS) ?? 'tiled'
  const side = number('side', values.side) ?? LARGER_SIDE
  if (!Number.isInteger(side) || side < 1 || side > LIMITS.side)
    throw new UsageError(`--side takes a whole number of pixels up to ${LIMITS.side}, not "${values.side}".`)
  const [strength, tile, seed] = (['strength', 'tile', 'seed'] as const).map(name => number(name, values[name]))
  const change = (request: RequestInput, file: string): RequestInput => {
    const { width, height } = request
    if (!width || !height) throw new UsageError(`${file} does not say its size.`)
    const now = Math.max(width, height)
    if (Math.max(...Object.values(sidesAt({ width, height }, side))) <= now)
      throw new UsageError(
        `the longer side of ${file} has ${now} pixels already: --side takes more, up to ${LIMITS.side}.`,
      )
    const larger = largerRequest({ ...request, width, height }, file, {
      side,
      method,
      ...(strength !== undefined && { strength }),
    })
    return {
      ...larger,
      ...(seed !== undefined && { seed }),
      ...(tile !== undefined && method === 'tiled' && { upscale: { method, tile } }),
    }
  }
  await paintVersion(positionals[0], change, {
    ...{ out, json, inLibrary: !values['no-library'] },
    before: (complete, { index }) => {
      const expected = method === 'tiled' ? expectedTime(complete, index.speeds.timed(complete.model)) : null
      if (expected !== null) console.error(`zihua: about ${Math.ceil(expected / 1000)} s.`)
      return expected
    },
  })
}
