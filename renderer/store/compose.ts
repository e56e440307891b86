/** What is being composed, with its history. A step of the history is one act of the designer: a word typed, a slider let go. */
import { create } from 'zustand'
import type { Composition } from '../../core/contract/composition.ts'
import type { Layout, Request, RequestInput } from '../../core/contract/request.ts'
import { DEFAULT_STYLE, type MapName } from '../../core/contract/vocabulary.ts'
import { MAP_ORDER } from '../lists.ts'
import { keep, keepForTab, recall, recallForTab } from './keep.ts'
import { begin, edited, redone, type Timeline, undone } from './timeline.ts'
import { untouched } from './untouched.ts'

/** One map's settings, complete. */
export type Control = NonNullable<Request['controls']>[MapName]

export interface Draft {
  request: RequestInput
  /** Maps that take no part; their weight is remembered. */
  off: readonly MapName[]
  /** The only map that takes part, while the others are silenced. */
  solo: MapName | null
  /** false: every picture gets a seed of its own. */
  seedLocked: boolean
  /** Motifs take no part; they are remembered. */
  motifsOff?: boolean | undefined
  /** The word and the style for which the prompt was written by hand; undefined where the style writes it. */
  promptFor?: { word: string; style: string } | undefined
}

const FIRST_DRAFT: Draft = {
  request: { word: '学习', style: DEFAULT_STYLE, seed: 1, count: 1 },
  off: [],
  solo: null,
  seedLocked: false,
}

const DRAFT_KEY = 'zihua.draft'
const HISTORY_KEY = 'zihua.history'

interface ComposeState extends Timeline<Draft> {
  edit(change: (draft: Draft) => Draft, key?: string): void
  patch(part: RequestInput, key?: string): void
  /** Takes fields out, so that the model's or the style's default stands again. */
  clear(...fields: (keyof RequestInput)[]): void
  layout(part: Partial<Layout>, key?: string): void
  control(map: MapName, part: Partial<Control>, key?: string): void
  /** The style's own settings for one map, or for all. */
  resetControl(map?: MapName): void
  /** Writes a late answer into the fields that were not edited since it was asked for. One step of the history. */
  patchUntouched(asked: RequestInput, answer: RequestInput): void
  /** Shows the seed of the picture that was just sent, where the designer has not chosen another one. No step of the history. */
  noteSeed(asked: Draft, seed: number): void
  seal(): void
  undo(): void
  redo(): void
}

/** A reload goes on where this tab was; a new tab begins with the last draft of any tab. */
function firstTimeline(): Timeline<Draft> {
  const history = recallForTab<Timeline<Draft>>(HISTORY_KEY)
  const draft = recallForTab<Draft>(DRAFT_KEY)
  if (history && draft) return { ...begin(draft), past: history.past, future: history.future }
  return begin(recall<Draft>(DRAFT_KEY) ?? FIRST_DRAFT)
}

export const useCompose = create<ComposeState>()((set, get) => ({
  ...firstTimeline(),
  edit: (change, key) => set(state => edited(state, withPromptFor(state.present, change(state.present)), key)),
  patch: (part, key) => get().edit(draft => ({ ...draft, request: { ...draft.request, ...part } }), key),
  clear: (...fields) =>
    get().edit(draft => {
      const request = { ...draft.request }
      for (const field of fields) delete request[field]
      return { ...draft, request }
    }),
  layout: (part, key) => get().patch({ layout: { ...get().present.request.layout, ...part } }, key),
  control(map, part, key) {
    const { controls } = get().present.request
    get().patch({ controls: { ...controls, [map]: { ...controls?.[map], ...part } } }, key)
  },
  resetControl: map =>
    get().edit(draft => {
      const { controls, ...request } = draft.request
      if (!map) return { ...draft, request, off: [], solo: null }
      const { [map]: _, ...rest } = controls ?? {}
      return { ...draft, request: { ...request, controls: rest }, off: draft.off.filter(other => other !== map) }
    }),
  patchUntouched(asked, answer) {
    const part = untouched(asked, get().present.request, answer)
    if (Object.keys(part).length > 0) get().patch(part)
  },
  noteSeed: (asked, seed) =>
    set(({ present }) => {
      const isEdited = present.seedLocked || present.request.seed !== asked.request.seed
      return isEdited ? {} : { present: { ...present, request: { ...present.request, seed } } }
    }),
  seal: () => set({ open: null }),
  undo: () => set(undone),
  redo: () => set(redone),
}))

useCompose.subscribe(({ past, present, future }, before) => {
  if (present !== before.present) {
    keep(DRAFT_KEY, present)
    keepForTab(DRAFT_KEY, present)
  }
  if (past !== before.past || future !== before.future) keepForTab(HISTORY_KEY, { past, future })
})

/** Remembers for what a prompt by hand was written, so that the screen can say when it is about another word or style. */
function withPromptFor(before: Draft, draft: Draft): Draft {
  const { prompt, word, style } = draft.request
  if (draft === before || prompt === before.request.prompt) return draft
  return { ...draft, promptFor: prompt == null ? undefined : { word: word ?? '', style: style ?? '' } }
}

/** The prompt was written by hand for another word or another style than the one on the desk. */
export const isPromptStale = ({ request: { prompt, word, style }, promptFor }: Draft): boolean =>
  prompt != null && promptFor !== undefined && (promptFor.word !== (word ?? '') || promptFor.style !== (style ?? ''))

/** Whether a map takes part. */
export const isActive = ({ off, solo }: Pick<Draft, 'off' | 'solo'>, map: MapName): boolean =>
  solo ? solo === map : !off.includes(map)

/** The composition that is drawn: without motifs where they are off; null where there is none. */
export function drawnComposition({ request, motifsOff }: Draft): Composition | null {
  const { composition = null } = request
  if (!composition || !motifsOff) return composition
  const blocks = composition.blocks.filter(({ kind }) => kind !== 'motif')
  return blocks.length === 0 ? null : { ...composition, blocks }
}

/** The request as it is sent: maps that are off weigh nothing. */
export function requestOf(draft: Draft): RequestInput {
  const { controls, composition: _, ...rest } = draft.request
  const composition = drawnComposition(draft)
  const request = composition ? { ...rest, composition } : rest
  const silent = MAP_ORDER.filter(map => !isActive(draft, map))
  if (silent.length === 0) return controls === undefined ? request : { ...request, controls }
  const silenced = silent.map(map => [map, { ...controls?.[map], weight: 0 }])
  return { ...request, controls: { ...controls, ...Object.fromEntries(silenced) } }
}
