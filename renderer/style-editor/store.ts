/** The style that is being edited, with a history of its own; the host checks it with every change. */
import { create } from 'zustand'
import type { PromptPart } from '../../core/prompt/prompt-builder.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import type { StyleProblem } from '../../core/prompt/style-problems.ts'
import { api, reportOf } from '../api.ts'
import { language, messages, sentences } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { latest } from '../store/latest.ts'
import { notify, notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { nameOf, saveStyle } from '../store/styles.ts'
import { begin, edited, redone, type Timeline, undone } from '../store/timeline.ts'
import { freeId, withNames } from './draft.ts'

interface EditorState extends Timeline<StyleDefinition | null> {
  /** As it lies in the library; null while it is new. */
  saved: StyleDefinition | null
  problems: StyleProblem[]
  /** The prompt that it makes of the word on the desk. */
  prompt: PromptPart[] | null
  /** Saving was tried: from then on an empty field is a problem too. */
  tried: boolean
}

const CLOSED: EditorState = { ...begin(null), saved: null, problems: [], prompt: null, tried: false }

export const useStyleEditor = create<EditorState>()(() => CLOSED)

const ids = () => useFacts.getState().styles.map(({ style }) => style.id)

/** As it would be saved. */
function finished(style: StyleDefinition): StyleDefinition {
  const named = withNames(style, language())
  return { ...named, id: style.id || freeId(named.name.en, ids()) }
}

const checking = latest()

/** Asks the host what is wrong with the style as it is now. */
async function check(): Promise<void> {
  await checking(async signal => {
    const { present: style } = useStyleEditor.getState()
    if (!style) return
    const { word = null, translation = null } = useCompose.getState().present.request
    try {
      const found = await api.styles.check({ style: finished(style), word, translation }, { signal })
      if (!signal.aborted) useStyleEditor.setState(found)
    } catch (error) {
      if (!signal.aborted) notifyError(error)
    }
  })
}

function put(state: Partial<EditorState>): void {
  useStyleEditor.setState(state)
  void check()
}

/** @param saved whether the library has it already */
export function openStyle(style: StyleDefinition, saved = false): void {
  put({ ...CLOSED, present: style, saved: saved ? style : null })
  useScreen.getState().open('style')
}

/** @param key edits under one key are one step of undo */
export function changeStyle(part: Partial<StyleDefinition>, key: string): void {
  const state = useStyleEditor.getState()
  if (state.present) put(edited(state, { ...state.present, ...part }, key))
}

export const undoStyle = (): void => put(undone(useStyleEditor.getState()))

export const redoStyle = (): void => put(redone(useStyleEditor.getState()))

const isChanged = ({ present, saved, past }: EditorState) =>
  present !== null && (saved ? JSON.stringify(present) !== JSON.stringify(saved) : past.length > 0)

function close(): void {
  useStyleEditor.setState(CLOSED)
  void check()
  useScreen.getState().open(null)
}

/** Closes the editor; unsaved changes can be taken up again from the notice. */
export function closeStyle(): void {
  const state = useStyleEditor.getState()
  close()
  if (!state.present || !isChanged(state)) return
  const t = messages()
  const reopen = () => {
    put(state)
    useScreen.getState().open('style')
  }
  notify(t.styleClosed(nameOf(finished(state.present)) || t.styleNew), { label: t.undo, run: reopen })
}

/**
 * Saves the style and, where it is new, works with it: what it has taken over is no longer the desk's own.
 *
 * @returns false where it has problems, or was edited further while it was being saved: then the editor stays open
 */
export async function saveAndClose(): Promise<boolean> {
  const { present: style, saved } = useStyleEditor.getState()
  if (!style) return false
  useStyleEditor.setState({ tried: true })
  await check()
  const isSame = () => useStyleEditor.getState().present === style
  if (!isSame() || useStyleEditor.getState().problems.length > 0) return false
  try {
    const kept = await saveStyle(finished(style))
    if (!saved)
      useCompose.getState().edit(draft => {
        const { controls: _, prompt: __, negativePrompt: ___, ...request } = draft.request
        return { ...draft, off: [], solo: null, request: { ...request, style: kept.id } }
      })
    if (isSame()) {
      close()
      return true
    }
    // What was typed meanwhile belongs to the style that was just saved, not to another new one.
    const { present: newer } = useStyleEditor.getState()
    if (newer) useStyleEditor.setState({ saved: kept, present: { ...newer, id: kept.id } })
    return false
  } catch (error) {
    const report = reportOf(error)
    if (report)
      useStyleEditor.setState({ problems: [{ field: '', code: 'other', message: sentences(report, language()) }] })
    return false
  }
}
