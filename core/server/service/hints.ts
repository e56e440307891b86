/** What a program can do where the catalogue speaks to the user of the studio, who has its screen, its command line and its README. */
import type { FaultKey } from '../../faults/fault.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'

const OPERATOR = 'Ask whoever runs the service'
const MODELS = 'GET /api/models lists the models that there are, as GET /v1/models does.'

const HINTS: Hints = {
  fieldWrong: 'Correct that field.',
  nothingThere: 'The page /docs lists what programs may call.',
  bodyUnreadable: 'Send what its address takes: JSON in UTF-8, or a form with its files.',
  otherSite: 'Call the service from a program; pages of other sites may not.',
  noSuchPicture: 'It may have been deleted; GET /api/pictures lists what there is.',
  noSuchSet: 'GET /api/sets lists the sets that there are.',
  compositionUnreadable: 'Write {"blocks": [{"kind": "word", "source": {"text": "学"}, "transform": …}]}.',
  noSuchFont: 'GET /api/fonts lists the fonts that there are.',
  modelUnknown: MODELS,
  modelAbsent: MODELS,
  modelGone: `${OPERATOR} to add it again, or choose another model.`,
  modelNotThere: `${OPERATOR} to add it again, or name another model.`,
  noControlnet: 'Name one as "controlnet", set all weights of "controls" to 0, or leave the control pictures out.',
  aiModelMissing: `Choose another method, or ask whoever runs the service to download that model.`,
  aiModelUnloadable: `Choose another method, or ask whoever runs the service to download that model again.`,
  graphFailed: `Choose another model, or ask whoever runs the service to check its files.`,
  downloadNotThere: `${OPERATOR} to download it.`,
  pathClosed: 'Name a model, font or picture by its id, or send a picture as a data URL.',
  queuePaused: `${OPERATOR} to resume it.`,
  setIncomplete: 'GET /api/sets/{id} says why; POST /api/sets/{id}/resume with {"only": "failed"} tries those again.',
  folderHolds: 'Give the set another name.',
  folderHoldsOtherSet: 'Give the set another name.',
}

/** Of errors by their keys: what somebody can do who has neither the studio's screen nor its command line. */
export type Hints = Readonly<Partial<Record<FaultKey, string>>>

/** The hint of an error for a program that calls over HTTP, or for whom `hints` are. */
export const hintFor = ({ key, hint }: Pick<ErrorReport, 'key' | 'hint'>, hints: Hints = HINTS): string =>
  (hints as Readonly<Record<string, string>>)[key ?? ''] ?? hint
