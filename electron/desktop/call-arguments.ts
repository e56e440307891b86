/** Schemas of the arguments of the page's calls. The main process validates them; the preload script has no schemas. */

import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import type { DesktopCalls } from './bridge.ts'

const text = z.string().max(300)
/** As the library names its pictures. */
const id = z.string().regex(/^[\w-]{1,100}$/)

export const CALL_ARGUMENTS = {
  chooseModel: z.tuple([z.enum(['folder', 'file'])]),
  chooseFolder: z.tuple([]),
  choosePicture: z.tuple([]),
  showPath: z.tuple([z.string().max(4096).refine(isAbsolute)]),
  showDataFolder: z.tuple([]),
  showPicture: z.tuple([id]),
  // Written out: the settings' own schema would bring the whole contract into main's bundle.
  setLanguage: z.tuple([z.enum(LANGUAGES), z.record(z.string().max(40), z.array(z.string().min(1).max(40)).max(4))]),
  setWork: z.tuple([z.strictObject({ open: z.int().min(0), fraction: z.number().min(0).max(1).nullable() })]),
  notify: z.tuple([text, text]),
  startDrag: z.tuple([z.array(id).min(1).max(200)]),
} as const satisfies { [Call in keyof DesktopCalls]: z.ZodType<Parameters<DesktopCalls[Call]>> }
