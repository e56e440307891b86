/** Shortcuts of commands. Users may change or remove any of them (settings.shortcuts). */
import type { Settings } from '../../core/host/default-settings.ts'

/** Keys as keyOf() names them; Cmd counts as Ctrl. The first key of a command is the one that is shown. */
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
  guide: ['F1'],
  settings: ['Ctrl+,'],
  roll: ['r'],
  lock: ['l'],
  compare: ['c'],
  outline: ['o'],
  canvas: ['b'],
  repaint: ['p'],
  motifs: ['m'],
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

/** Keys that move the focus, press buttons or move sliders; no command may take them. */
const RESERVED = /^(Tab|Enter| |Arrow\w+|Home|End|Page\w+|Backspace|Dead|Process|Unidentified)$/

export const isReserved = (key: string): boolean => RESERVED.test(key)

/** The keys of a command: the user's where there are any, else the standard ones. */
export const keysOf = (id: string, shortcuts: Shortcuts): readonly string[] => shortcuts[id] ?? STANDARD_KEYS[id] ?? []

/** The fields of a KeyboardEvent that identify a key. */
interface Pressed {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
}

/**
 * The name of a pressed key, with "Ctrl+" before it where that is held; null for a modifier alone. A letter of
 * another script is the Latin one on the same key: a Russian keyboard has the same shortcuts.
 */
export function keyOf({ key, code, ctrlKey, metaKey, shiftKey }: Pressed): string | null {
  if (/^(Control|Shift|Alt|AltGraph|Meta|CapsLock|NumLock|Fn)$/.test(key)) return null
  const latin = /^Key([A-Z])$/.exec(code)?.[1]
  const foreign = key.length === 1 && key.charCodeAt(0) > 127 && latin
  const meant = foreign ? (shiftKey ? latin : latin.toLowerCase()) : key
  return ctrlKey || metaKey ? `Ctrl+${shiftKey ? 'Shift+' : ''}${meant}` : meant
}

/** A key's name as it is printed on keyboards. */
export function printed(keys: string): string {
  const names: Record<string, string> = { Escape: 'Esc', Delete: 'Del', '-': '−', ' ': 'Space' }
  return keys
    .split(/\+(?=.)/)
    .map(key => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ')
}

/**
 * Where the focus is: in a field of the draft, whose typing is part of the desk's history; in any other text field; on another
 * control of a panel or sheet; on a map; or 'free': on the stage, the film strip, the gallery or nothing, where single
 * letters are shortcuts.
 */
export type Place = 'draft' | 'text' | 'control' | 'map' | 'free'

/** Commands that also work while a map has the focus. */
const MAP_ACTS: readonly string[] = [
  'map-canny',
  'map-depth',
  'map-segmentation',
  'map-scribble',
  'weaker',
  'stronger',
] satisfies (keyof typeof STANDARD_KEYS)[]

/** Keys that no field or control uses itself. */
const isAlwaysShortcut = (key: string): boolean => /^(Ctrl\+|F\d+$)/.test(key)

/**
 * The command of a pressed key where the focus is; null where it has none. 'leave': Escape first leaves the field, so
 * that it never cancels a picture from there.
 */
export function actOf(key: string, place: Place, shortcuts: Shortcuts): string | null {
  if (key === 'Escape' && place !== 'free') return 'leave'
  const act = Object.keys({ ...STANDARD_KEYS, ...shortcuts }).find(id => keysOf(id, shortcuts).includes(key)) ?? null
  // A note or a search has the browser's own undo.
  if (place === 'text' && (act === 'undo' || act === 'redo')) return null
  if (act === null || place === 'free' || isAlwaysShortcut(key)) return act
  return place === 'map' && MAP_ACTS.includes(act) ? act : null
}
