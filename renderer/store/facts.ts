/** What the host says of the draft: every default filled in, both prompts built, the word's meaning. Also what exists: styles, fonts, models. */
import { create } from 'zustand'
import type { Request } from '../../core/contract/request.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { FontInfo } from '../../core/glyph/fonts.ts'
import type { StudioInfo } from '../../core/host/api.ts'
import type { BuiltPrompts } from '../../core/prompt/prompt-builder.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import type { StyleList } from '../../core/prompt/user-styles.ts'
import { api, reportOf } from '../api.ts'
import { type Draft, requestOf, useCompose } from './compose.ts'
import { latest } from './latest.ts'
import { useSettings } from './settings.ts'

export type Built = BuiltPrompts & { tokens: { prompt: number; negativePrompt: number | null } }

/** What stands for a picture's fields where the draft leaves them open. */
const SHOWN = ['width', 'height', 'steps', 'guidanceScale', 'sampler'] as const
export type Completed = Pick<Request, (typeof SHOWN)[number]>

interface FactsState {
  info: StudioInfo | null
  styles: StyleList['styles']
  /** Files among the user's styles that are none. */
  styleProblems: StyleList['problems']
  fonts: FontInfo[]
  complete: Completed | null
  built: Built | null
  /** Why the draft can't be completed, if it can't. */
  problem: ErrorReport | null
}

export const useFacts = create<FactsState>()(() => ({
  info: null,
  styles: [],
  styleProblems: [],
  fonts: [],
  complete: null,
  built: null,
  problem: null,
}))

/** The draft's style, or the first one while styles are on their way. */
export const styleOf = ({ styles }: FactsState, id: string | undefined): StyleDefinition | null =>
  (styles.find(({ style }) => style.id === id) ?? styles[0])?.style ?? null

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
      useFacts.setState({ complete: same ? known : request, problem: null })
    } catch (error) {
      const problem = reportOf(error)
      if (problem && !signal.aborted) useFacts.setState({ problem })
    }
  })
}

async function build({ request }: Draft): Promise<void> {
  await building(async signal => {
    const { word = null, translation = null, style = 'comic', prompt = null, negativePrompt = null } = request
    if (!word && !translation && !prompt) return useFacts.setState({ built: null })
    try {
      const built = await api.prompts.build({ word, translation, style, prompt, negativePrompt }, { signal })
      if (!signal.aborted) useFacts.setState({ built })
    } catch (error) {
      if (reportOf(error) && !signal.aborted) useFacts.setState({ built: null })
    }
  })
}

const ask = (draft: Draft) => Promise.all([complete(draft), build(draft)])

/** The maps come first: what a draft means is asked when it has rested so long, ms. */
const REST_MS = 200
let resting: ReturnType<typeof setTimeout> | undefined

function askSoon(): void {
  clearTimeout(resting)
  resting = setTimeout(() => void ask(useCompose.getState().present), REST_MS)
}

/** Asks for what exists, and from then on for what the draft means whenever it changes. */
export async function startFacts(): Promise<void> {
  useCompose.subscribe(({ present }, before) => {
    if (present.request !== before.present.request) askSoon()
  })
  useSettings.subscribe(({ settings }, before) => {
    if (settings.model !== before.settings.model) void ask(useCompose.getState().present)
  })
  void ask(useCompose.getState().present)
  const asked = [api.studio.info(), api.styles.list(), api.fonts.list()] as const
  const [info, { styles, problems }, fonts] = await Promise.all(asked)
  useFacts.setState({ info, styles, styleProblems: problems, fonts })
}

/** The user's styles have changed: what the draft means may have too. */
export async function refreshStyles(): Promise<void> {
  const { styles, problems } = await api.styles.list()
  useFacts.setState({ styles, styleProblems: problems })
  await ask(useCompose.getState().present)
}

export async function refreshModels(): Promise<void> {
  const info = await api.studio.info()
  useFacts.setState({ info })
}
