/** The style on the editor's table, with a history of its own; the host is asked with every change what is invalid. */
import { create } from 'zustand'
import type { PromptPart } from '../../core/prompt/prompt-builder.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import type { StyleProblem } from '../../core/prompt/style-problems.ts'
import { api, reportOf } from '../api.ts'
import { language, messages, sentences } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { latest } from '../store/latest.ts'
import { say, tell } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { nameOf, saveStyle } from '../store/styles.ts'
import { freeId, withNames } from './draft.ts'

interface EditorState {
  style: StyleDefinition | null
  /** As it lies in the library; null while it is new. */
  saved: StyleDefinition | null
  past: StyleDefinition[]
  future: StyleDefinition[]
  /** Edits under one key make one step of the history. */
  open: string | null
  problems: StyleProblem[]
  /** What it says for the word on the desk. */
  prompt: PromptPart[] | null
  /** Saving was tried: from then on an empty field is a problem too. */
  tried: boolean
}

const CLOSED: EditorState = {
  ...{ style: null, saved: null, past: [], future: [], open: null },
  ...{ problems: [], prompt: null, tried: false },
}

export const useStyleEditor = create<EditorState>()(() => CLOSED)

const ids = () => useFacts.getState().styles.map(({ style }) => style.id)

/** As it would be saved. */
function finished(style: StyleDefinition): StyleDefinition {
  const named = withNames(style, language())
  return { ...named, id: style.id || freeId(named.name.en, ids()) }
}

const checking = latest()

async function check(style: StyleDefinition): Promise<void> {
  await checking(async signal => {
    const { word = null, translation = null } = useCompose.getState().present.request
    try {
      const found = await api.styles.check({ style: finished(style), word, translation }, { signal })
      if (!signal.aborted) useStyleEditor.setState(found)
    } catch (error) {
      if (!signal.aborted) tell(error)
    }
  })
}

const put = (style: StyleDefinition, more: Partial<EditorState>): void => {
  useStyleEditor.setState({ style, ...more })
  void check(style)
}

/** @param saved whether the library has it already */
export function openStyle(style: StyleDefinition, saved = false): void {
  put(style, { ...CLOSED, style, saved: saved ? style : null })
  useScreen.getState().open('style')
}

export function changeStyle(part: Partial<StyleDefinition>, key: string): void {
  const { style, past, open } = useStyleEditor.getState()
  if (!style) return
  put({ ...style, ...part }, { past: open === key ? past : [...past, style], future: [], open: key })
}

export function undoStyle(): void {
  const { style, past, future } = useStyleEditor.getState()
  const before = past.at(-1)
  if (style && before) put(before, { past: past.slice(0, -1), future: [style, ...future], open: null })
}

export function redoStyle(): void {
  const { style, past, future } = useStyleEditor.getState()
  const [after, ...rest] = future
  if (style && after) put(after, { past: [...past, style], future: rest, open: null })
}

const changed = ({ style, saved, past }: EditorState) =>
  style !== null && (saved ? JSON.stringify(style) !== JSON.stringify(saved) : past.length > 0)

/** What was not saved can be taken up again. */
export function closeStyle(): void {
  const state = useStyleEditor.getState()
  useStyleEditor.setState(CLOSED)
  useScreen.getState().open(null)
  if (!state.style || !changed(state)) return
  say(messages().styleClosed(nameOf(finished(state.style)) || messages().styleNew), () => {
    put(state.style as StyleDefinition, state)
    useScreen.getState().open('style')
  })
}

/** Saves the style and, where it is new, works with it: what it has taken over is no longer the desk's own. */
export async function saveAndClose(): Promise<boolean> {
  const { style, saved } = useStyleEditor.getState()
  if (!style) return false
  useStyleEditor.setState({ tried: true })
  await check(style)
  if (useStyleEditor.getState().problems.length > 0) return false
  try {
    const { id } = await saveStyle(finished(style))
    if (!saved)
      useCompose.getState().edit(draft => {
        const { controls: _, prompt: __, negativePrompt: ___, ...request } = draft.request
        return { ...draft, off: [], solo: null, request: { ...request, style: id } }
      })
    useStyleEditor.setState(CLOSED)
    useScreen.getState().open(null)
    return true
  } catch (error) {
    const report = reportOf(error)
    if (report)
      useStyleEditor.setState({ problems: [{ field: '', code: 'other', message: sentences(report, language()) }] })
    return false
  }
}
