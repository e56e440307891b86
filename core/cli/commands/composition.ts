/** What the command line says of a composition. */
import { readFile } from 'node:fs/promises'
import { type Composition, compositionSchema } from '../../contract/composition.ts'
import { fault } from '../../faults/fault.ts'
import { parse } from '../../faults/parse.ts'

export interface CompositionOptions {
  /** A file with a composition, or with a request that has one. */
  composition?: string | undefined
}

/** The composition that the options name. @throws StudioError bad-request */
export async function compositionOf({ composition: file }: CompositionOptions): Promise<Composition | undefined> {
  if (file === undefined) return undefined
  const unreadable = (cause: unknown) =>
    fault('compositionUnreadable', { file, reason: (cause as Error).message }, { cause })
  const text = await readFile(file, 'utf8').catch(cause => {
    throw unreadable(cause)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unreadable(cause)
  }
  const inside = typeof value === 'object' && value !== null && 'composition' in value ? value.composition : value
  return parse(compositionSchema, inside, file)
}
