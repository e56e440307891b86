/** How the files of a set are called, by its template and what its pictures are made from. */
import type { Request, RequestInput } from '../contract/request.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { type NameBook, nameKey } from '../files/safe-name.ts'
import { ENDINGS } from '../image/encode.ts'
import type { Axis, SetDefinition } from './definition.ts'
import type { PlannedFile, PlannedPicture } from './planned.ts'
import type { Draft } from './spell-out.ts'
import { fileName, type TemplateValues } from './template.ts'

/** Names of the set's own pictures in its folder's root: sheets.ts. */
const OWN = /^(contact-sheet|grid)(-\d+)?$/i

/** What a picture's name says of it; null for what is not known before it is completed. */
export function aboutOf(input: RequestInput, completed: Request | null): PlannedPicture['about'] {
  const { style, seed, width, height, steps } = completed ?? input
  return { style: style ?? '', seed: seed ?? 1, width: width ?? null, height: height ?? null, steps: steps ?? null }
}

/** The settings that a template may name, empty where they are not known. */
export function settingsOf(input: RequestInput, completed: Request | null): TemplateValues {
  const { model, sampler, steps, guidanceScale, width, height } = completed ?? input
  return {
    model:
      model
        ?.split(/[\\/]/)
        .filter(Boolean)
        .at(-1)
        ?.replace(/\.safetensors$/, '') ?? '',
    sampler: sampler ?? '',
    steps: steps ?? '',
    guidance: guidanceScale ?? '',
    size: width && height ? `${width}x${height}` : '',
  }
}

/** The names of an axis' values, as they stand on the grid and in file names. */
export const labelsOf = ({ values, labels }: Axis): string[] =>
  labels ?? values.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))

/** What a picture's place in the matrix is called, across and down. */
export function axisLabels({ matrix }: SetDefinition, { x, y }: Draft): TemplateValues {
  return {
    x: matrix && x !== null ? labelsOf(matrix.x)[x] : '',
    y: matrix?.y && y !== null ? labelsOf(matrix.y)[y] : '',
  }
}

/**
 * Names of a picture's files and maps, none of them taken before.
 * @param book takes them; notes hears of each that had to be changed; foreign: names of files that are not the set's
 */
export function nameFiles(
  { files: template, formats, maps }: SetDefinition,
  values: TemplateValues,
  book: NameBook,
  notes: Phrase[],
  foreign: ReadonlySet<string>,
): PlannedFile[] {
  const take = (kind: PlannedFile['kind']): string => {
    const named = fileName(template, { ...values, map: kind })
    const told = kind === 'picture' || template.includes('{map') ? named : `${named}-${kind}`
    const wanted = OWN.test(told) ? `${told} (picture)` : told
    const taken = book.take(wanted)
    const reason = foreign.has(nameKey(wanted)) ? 'fileThere' : 'nameTaken'
    if (taken !== wanted) notes.push(phrase(reason, { name: taken }))
    return taken
  }
  const picture = take('picture')
  const pictures = formats.map(
    (format): PlannedFile => ({ name: `${picture}.${ENDINGS[format]}`, kind: 'picture', format }),
  )
  return [...pictures, ...maps.map((map): PlannedFile => ({ name: `${take(map)}.png`, kind: map, format: 'png' }))]
}

/** "a/b.png" → "a/b" */
export const withoutEnding = (name: string) => name.replace(/\.[^./]+$/, '')
