/** Settings of a picture brought back onto the desk, from the library or from a file. */

import type { Request } from '../../core/contract/request.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import type { Picture } from '../../core/host/api/library.ts'
import { api } from '../api.ts'
import { useCompose } from './compose.ts'
import { latest } from './latest.ts'
import { editedSince } from './untouched.ts'

/** What may be taken from a picture by itself. */
export const REUSE_PARTS = ['word', 'style', 'maps', 'picture', 'seed'] as const
export type ReusePart = (typeof REUSE_PARTS)[number]

const FIELDS: Readonly<Record<ReusePart, readonly (keyof Request)[]>> = {
  word: ['word', 'translation', 'layout', 'composition'],
  style: ['style', 'prompt', 'negativePrompt'],
  maps: ['controls', 'controlImages'],
  picture: ['width', 'height', 'steps', 'guidanceScale', 'sampler'],
  seed: ['seed'],
}

/** Brings a picture's settings back: all of them, its look without its word, or one part. */
export function reuse(picture: Picture, part: 'all' | 'look' | ReusePart): void {
  const { model: _, ...request } = picture.request
  useCompose.getState().edit(draft => {
    const { word = null, translation = null } = draft.request
    const heard = part === 'all' || part === 'look' || part === 'maps' ? { off: [], solo: null } : {}
    const seed = part === 'all' || part === 'look' || part === 'seed' ? { seedLocked: true } : {}
    if (part === 'all') return { ...draft, ...heard, ...seed, request }
    const taken =
      part === 'look'
        ? { ...request, word, translation, prompt: null }
        : { ...draft.request, ...Object.fromEntries(FIELDS[part].map(field => [field, picture.request[field]])) }
    return { ...draft, ...heard, ...seed, request: taken }
  })
}

const importing = latest()

/**
 * Brings back what a dropped file says of its making. What is typed while the file is read stays.
 *
 * @returns what has no place here; null where another file was dropped meanwhile
 */
export async function importFile(file: File): Promise<Phrase[] | null> {
  const asked = useCompose.getState().present.request
  let left: Phrase[] | null = null
  await importing(async signal => {
    const { request, unmapped } = await api.library.importFile({ name: file.name, data: file }, { signal })
    if (signal.aborted) return
    useCompose.getState().edit(draft => ({
      ...draft,
      off: [],
      solo: null,
      seedLocked: true,
      request: { ...request, ...editedSince(asked, draft.request) },
    }))
    left = unmapped
  })
  return left
}
