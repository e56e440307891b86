/** A definition spelled out: a request for every word, style, variant, size, seed and place in the matrix. */
import { type RequestInput, requestInputSchema } from '../contract/request.ts'
import { MAPS } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { phraseOfIssue } from '../faults/issue.ts'
import { type Axis, MAX_PICTURES, type SetDefinition } from './definition.ts'
import type { PlannedPicture } from './planned.ts'

/** A picture before its request is complete and its files have names. */
export type Draft = Omit<PlannedPicture, 'key' | 'about' | 'files'>

/**
 * @param readings of the words whose list gives none
 * @throws StudioError 'bad-request': too many pictures, a matrix over a field that does not exist
 */
export function spellOut(definition: SetDefinition, readings: ReadonlyMap<string, string | null>): Draft[] {
  const { words, styles, seeds, count, sizes, variants, matrix, request } = definition
  const firstSeed = request.seed ?? 1
  const allSeeds = seeds.length ? seeds : Array.from({ length: count }, (_, i) => firstSeed + i)
  const allSizes: ({ width: number; height: number } | object)[] = sizes.length
    ? sizes.map(([width, height]) => ({ width, height }))
    : [{}]
  const allVariants = variants.length ? variants : [null]
  const xs = matrix ? matrix.x.values.keys().toArray() : [null]
  const ys = matrix?.y ? matrix.y.values.keys().toArray() : [null]
  const total =
    words.length *
    Math.max(1, styles.length) *
    allSeeds.length *
    allSizes.length *
    allVariants.length *
    xs.length *
    ys.length
  if (total > MAX_PICTURES) throw fault('setTooLarge', { total, most: MAX_PICTURES })
  const drafts: Draft[] = []
  let group = 0
  for (const [at, entry] of words.entries()) {
    const word: {
      word: string
      translation?: string | null | undefined
      pinyin?: string | undefined
      style?: string | undefined
      seed?: number | undefined
    } = entry
    const itsStyles = word.style ? [word.style] : styles.length ? styles : [request.style]
    for (const style of itsStyles) {
      for (const variant of allVariants) {
        for (const size of allSizes) {
          for (const seed of word.seed === undefined ? allSeeds : [word.seed]) {
            for (const y of ys) {
              for (const x of xs) {
                let input: RequestInput = merge(merge(request, variant?.request ?? {}), {
                  ...size,
                  word: word.word,
                  seed,
                  count: 1,
                })
                if (word.translation !== undefined) input.translation = word.translation
                if (style !== undefined) input.style = style
                if (matrix && x !== null) input = withAxis(input, matrix.x, x)
                if (matrix?.y && y !== null) input = withAxis(input, matrix.y, y)
                drafts.push({
                  index: drafts.length + 1,
                  entry: at,
                  input,
                  word: word.word,
                  translation: input.translation ?? null,
                  pinyin: word.pinyin ?? readings.get(word.word) ?? null,
                  variant: variant?.name ?? null,
                  ...{ x, y, group },
                })
              }
            }
            group++
          }
        }
      }
    }
  }
  return drafts
}

/** The second over the first; layout and controls field by field. */
function merge(under: RequestInput, over: RequestInput): RequestInput {
  const merged: RequestInput = { ...structuredClone(under), ...structuredClone(over) }
  if (under.layout && over.layout) merged.layout = { ...under.layout, ...over.layout }
  if (under.controls && over.controls) {
    merged.controls = { ...structuredClone(under.controls) }
    for (const map of MAPS) {
      const control = over.controls[map]
      if (control) Object.assign((merged.controls[map] ??= {}), control)
    }
  }
  return merged
}

function withAxis(input: RequestInput, { field, values }: Axis, at: number): RequestInput {
  const out = structuredClone(input) as Record<string, unknown>
  const path = field.split('.')
  let place = out
  for (const name of path.slice(0, -1)) {
    if (Object.hasOwn(Object.prototype, name)) throw fault('matrixFieldUnknown', { field })
    if (typeof place[name] !== 'object' || place[name] === null) place[name] = {}
    place = place[name] as Record<string, unknown>
  }
  const last = path.at(-1)!
  if (last in Object.prototype) throw fault('matrixFieldUnknown', { field })
  place[last] = values[at]
  const checked = requestInputSchema.safeParse(out)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw fault('matrixValueWrong', { field, value: JSON.stringify(values[at]), issue: phraseOfIssue(issue) })
}
