/** What is done with fonts: each in place with bundled fonts, in a thread of its own with a stranger's (font-door.ts). */
import type { FontIdentity } from './font-file.ts'
import { type FontChoice, openFaces, uncovered } from './fonts.ts'
import { placeWord } from './place-word.ts'

/** Arguments and results survive a structured clone. */
export const FONT_TASKS = {
  placeWord,
  missingGlyphs: uncovered,
  async facesFor(word: string, choice: FontChoice): Promise<Map<string, FontIdentity>> {
    const faces = await openFaces(word, choice)
    return new Map([...faces].map(([cluster, { name, sha256 }]) => [cluster, { name, sha256 }]))
  },
}
export type FontTasks = typeof FONT_TASKS
export type FontTaskName = keyof FontTasks

/** The same, as the thread answers them (channel/). */
export type FontCalls = { ready: { request: null; event: never; reply: null } } & {
  [Name in FontTaskName]: {
    request: Parameters<FontTasks[Name]>
    event: never
    reply: Awaited<ReturnType<FontTasks[Name]>>
  }
}
