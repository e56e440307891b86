/** What is being composed, with its history. A step of the history is one act of the designer: a word typed, a slider let go. */
import { create } from 'zustand'
import type { Layout, Request, RequestInput } from '../../core/contract/request.ts'
import type { MapName } from '../../core/contract/vocabulary.ts'
import { keep, recall } from './keep.ts'

/** One map's settings, complete. */
export type Control = NonNullable<Request['controls']>[MapName]

export interface Draft {
  request: RequestInput
  /** Maps that take no part; their weight is remembered. */
  off: readonly MapName[]
  /** The only map that takes part, if one is heard alone. */
  solo: MapName | null
  /** false: every picture gets a seed of its own. */
  seedLocked: boolean
}

const FIRST_DRAFT: Draft = {
  request: { word: '学习', style: 'comic', seed: 1, count: 1 },
  off: [],
  solo: null,
  seedLocked: false,
}

const MOST_STEPS = 200
const DRAFT_KEY = 'zihua.draft'

interface ComposeState {
  past: Draft[]
  present: Draft
  future: Draft[]
  /** Edits under one key make one step of the history until it is sealed. */
  open: string | null
  edit(change: (draft: Draft) => Draft, key?: string): void
  patch(part: RequestInput, key?: string): void
  /** Takes fields out, so that the model's or the style's default stands again. */
  clear(...fields: (keyof RequestInput)[]): void
  layout(part: Partial<Layout>, key?: string): void
  control(map: MapName, part: Partial<Control>, key?: string): void
  /** The style's own settings for one map, or for all. */
  resetControl(map?: MapName): void
  seal(): void
  undo(): void
  redo(): void
}

export const useCompose = create<ComposeState>()((set, get) => ({
  past: [],
  present: recall<Draft>(DRAFT_KEY) ?? FIRST_DRAFT,
  future: [],
  open: null,
  edit(change, key) {
    const { past, present, open } = get()
    const next = change(present)
    if (next === present) return
    const goesOn = key !== undefined && key === open
    set({
      present: next,
      past: goesOn ? past : [...past, present].slice(-MOST_STEPS),
      future: [],
      open: key ?? null,
    })
  },
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
  seal: () => set({ open: null }),
  undo() {
    const { past, present, future } = get()
    const before = past.at(-1)
    if (before) set({ past: past.slice(0, -1), present: before, future: [present, ...future], open: null })
  },
  redo() {
    const { past, present, future } = get()
    const [after, ...rest] = future
    if (after) set({ past: [...past, present], present: after, future: rest, open: null })
  },
}))

useCompose.subscribe(({ present }, before) => {
  if (present !== before.present) keep(DRAFT_KEY, present)
})

/** Whether a map takes part. */
export const isHeard = ({ off, solo }: Pick<Draft, 'off' | 'solo'>, map: MapName): boolean =>
  solo ? solo === map : !off.includes(map)

/** The request as it is sent: maps that are off weigh nothing. */
export function requestOf(draft: Draft): RequestInput {
  const { controls, ...request } = draft.request
  const silent = (['canny', 'depth', 'segmentation', 'scribble'] as const).filter(map => !isHeard(draft, map))
  if (silent.length === 0) return controls === undefined ? request : { ...request, controls }
  const silenced = silent.map(map => [map, { ...controls?.[map], weight: 0 }])
  return { ...request, controls: { ...controls, ...Object.fromEntries(silenced) } }
}
