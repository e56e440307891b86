/** Which keys mean which acts. A designer may change any of them, or take an act's key away (settings.shortcuts). */
import type { Settings } from '../../core/host/api.ts'

/** As keyOf() says them; Cmd counts as Ctrl. The first of an act's is the one that is shown. */
export const STANDARD_KEYS: Readonly<Record<string, readonly string[]>> = {
  generate: ['Ctrl+Enter'],
  cancel: ['Escape'],
  undo: ['Ctrl+z'],
  redo: ['Ctrl+Shift+Z', 'Ctrl+y'],
  gallery: ['g'],
  queue: ['q'],
  sets: ['s'],
  palette: ['Ctrl+k'],
  keys: ['?'],
  settings: ['Ctrl+,'],
  roll: ['r'],
  lock: ['l'],
  compare: ['c'],
  outline: ['o'],
  fit: ['f'],
  'zoom-in': ['+', '='],
  'zoom-out': ['-'],
  'map-canny': ['1'],
  'map-depth': ['2'],
  'map-segmentation': ['3'],
  'map-scribble': ['4'],
  weaker: ['['],
  stronger: [']'],
  reuse: ['u'],
  trash: ['Delete'],
}

type Shortcuts = Settings['shortcuts']

/** What moves the focus, presses a button or turns a slider stays what it is, or nobody could work by keyboard any more. */
const RESERVED = /^(Tab|Enter| |Arrow\w+|Home|End|Page\w+|Backspace|Dead|Process|Unidentified)$/

export const isReserved = (key: string): boolean => RESERVED.test(key)

/** Of an act, the designer's own before the usual ones. */
export const keysOf = (id: string, shortcuts: Shortcuts): readonly string[] => shortcuts[id] ?? STANDARD_KEYS[id] ?? []

/** What of a KeyboardEvent says which key it is. */
interface Pressed {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
}

/**
 * A pressed key as it is written above, "Ctrl+" before it where that is held; null for a modifier alone. A letter of
 * another script is the Latin one on the same key: a Russian keyboard has the same shortcuts.
 */
export function keyOf({ key, code, ctrlKey, metaKey, shiftKey }: Pressed): string | null {
  if (/^(Control|Shift|Alt|AltGraph|Meta|CapsLock|NumLock|Fn)$/.test(key)) return null
  const latin = /^Key([A-Z])$/.exec(code)?.[1]
  const foreign = key.length === 1 && key.charCodeAt(0) > 127 && latin
  const meant = foreign ? (shiftKey ? latin : latin.toLowerCase()) : key
  return ctrlKey || metaKey ? `Ctrl+${shiftKey ? 'Shift+' : ''}${meant}` : meant
}

/** A key as it is printed on the keyboard. */
export function printed(keys: string): string {
  const names: Record<string, string> = { Escape: 'Esc', Delete: 'Del', '-': '−', ' ': 'Space' }
  return keys
    .split(/\+(?=.)/)
    .map(key => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ')
}
