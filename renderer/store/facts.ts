/** What the host derives from the draft (defaults, prompts, meaning), and its lists of styles, fonts and models. */

import { create } from 'zustand'
import type { Request } from '../../core/contract/request.ts'
import { DEFAULT_STYLE, isDraftName } from '../../core/contract/vocabulary.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { FontInfo } from '../../core/glyph/font-list.ts'
import type { StudioInfo } from '../../core/host/api/studio.ts'
import { wordsBeside } from '../../core/prompt/palette-words.ts'
import type { BuiltPrompts } from '../../core/prompt/prompt-builder.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import type { StyleList } from '../../core/prompt/user-styles.ts'
import { api, reportOf } from '../api.ts'
import { type Draft, drawnComposition, requestOf, useCompose } from './compose.ts'
import { latest } from './latest.ts'
import { useSettings } from './settings.ts'

export type Built = BuiltPrompts & { tokens: { prompt: number; negativePrompt: number | null } }

/** The fields that are shown with their default while the draft leaves them out. */
const SHOWN = ['width', 'height', 'steps', 'guidanceScale', 'sampler'] as const
export type Completed = Pick<Request, (typeof SHOWN)[number]>

interface FactsState {
  info: StudioInfo | null
  styles: StyleList['styles']
  /** Files in the folder of styles that are no valid style. */
  styleProblems: StyleList['problems']
  fonts: FontInfo[]
  complete: Completed | null
  built: Built | null
  /** Why the host refuses the draft; null where it does not. */
  problem: ErrorReport | null
  /** What the problem is of: the draft may have changed since. */
  problemOf: Draft['request'] | null
}

export const useFacts = create<FactsState>()(() => ({
  info: null,
  styles: [],
  styleProblems: [],
  fonts: [],
  complete: null,
  built: null,
  problem: null,
  problemOf: null,
}))

/** The style of this id, or else the first one; null until styles are loaded. */
export const styleOf = ({ styles }: FactsState, id: string | undefined): StyleDefinition | null =>
  (styles.find(({ style }) => style.id === id) ?? styles[0])?.style ?? null

/** Whether pictures are made by the small model that ships with the studio. */
export const isDraftModel = ({ info }: FactsState, model: string): boolean =>
  isDraftName(model) ||
  (info?.models.some(({ id, path, builtIn }) => builtIn && (id === model || path === model)) ?? false)

const completing = latest()
const building = latest()

/** The draft as a request, with the settings' model where it names none. */
export function requestToSend(draft: Draft) {
  const { model, controlnet } = useSettings.getState().settings
  return { model, controlnet, ...requestOf(draft) }
}

async function complete(draft: Draft): Promise<void> {
  await completing(async signal => {
    try {
      const { request } = await api.request.complete({ request: requestToSend(draft) }, { signal })
      if (signal.aborted) return
      const { complete: known } = useFacts.getState()
      const same = known !== null && SHOWN.every(field => known[field] === request[field])
      useFacts.setState({ complete: same ? known : request, problem: null, problemOf: null })
    } catch (error) {
      const problem = reportOf(error)
      if (problem && !signal.aborted) useFacts.setState({ problem, problemOf: draft.request })
    }
  })
}

async function build(draft: Draft): Promise<void> {
  const { request } = draft
  await building(async signal => {
    const { word = null, translation = null, style = DEFAULT_STYLE, prompt = null, negativePrompt = null } = request
    const { model = useSettings.getState().settings.model, palette = null } = request
    const isDraft = isDraftModel(useFacts.getState(), model)
    const additions = wordsBeside({ prompt, palette, composition: drawnComposition(draft) }, isDraft)
    if (!word && !translation && !prompt) return useFacts.setState({ built: null })
    try {
      const built = await api.prompts.build({ word, translation, style, prompt, negativePrompt, additions }, { signal })
      if (!signal.aborted) useFacts.setState({ built })
    } catch (error) {
      if (reportOf(error) && !signal.aborted) useFacts.setState({ built: null })
    }
  })
}

const ask = (draft: Draft) => Promise.all([complete(draft), build(draft)])

/** How long after the last edit the host is asked, ms: maps are drawn first. */
const REST_MS = 200
let resting: ReturnType<typeof setTimeout> | undefined

function askSoon(): void {
  clearTimeout(resting)
  resting = setTimeout(() => void ask(useCompose.getState().present), REST_MS)
}

/** Loads the lists, and until the signal asks about the draft whenever it changes. */
export async function startFacts(signal: AbortSignal): Promise<void> {
  const stops = [
    useCompose.subscribe(({ present }, before) => {
      if (present.request !== before.present.request) askSoon()
    }),
    useSettings.subscribe(({ settings }, before) => {
      if (settings.model !== before.settings.model) void ask(useCompose.getState().present)
    }),
  ]
  signal.addEventListener('abort', () => {
    clearTimeout(resting)
    for (const stop of stops) stop()
  })
  void ask(useCompose.getState().present)
  await Promise.all([loadStyles(), refreshModels(), loadFonts()])
}

const listing = latest()

const loadStyles = (): Promise<void> =>
  listing(async signal => {
    const { styles, problems } = await api.styles.list(undefined, { signal })
    if (!signal.aborted) useFacts.setState({ styles, styleProblems: problems })
  })

export async function loadFonts(): Promise<void> {
  useFacts.setState({ fonts: await api.fonts.list() })
}

/** After a change of the user's styles: loads them again, and what is derived from the draft. */
export async function refreshStyles(): Promise<void> {
  await loadStyles()
  await ask(useCompose.getState().present)
}

const informing = latest()

export const refreshModels = (): Promise<void> =>
  informing(async signal => {
    const info = await api.studio.info(undefined, { signal })
    if (!signal.aborted) useFacts.setState({ info })
  })
