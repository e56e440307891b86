/** The one listener for all keys of the studio. */
import { generateNow } from '../compose/generate-now.ts'
import { useSettings } from '../store/settings.ts'
import { COMMANDS } from './commands.ts'
import { actOf, keyOf, type Place } from './keys.ts'

const TYPING = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]'

/** Commands that also work while a sheet is open; all others act on the desk behind it. */
const OVER_SHEETS = ['palette', 'settings']

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element) || target === document.body || target === document.documentElement) return 'free'
  // A sheet that has just closed keeps the focus until it is taken from the page.
  if (target.closest('dialog:not([open])')) return 'free'
  if (target.closest(TYPING)) return target.closest('.panel') && !target.closest('.search') ? 'draft' : 'text'
  if (target.closest('.stage, .strip, .gallery')) return 'free'
  return target.closest('.map') ? 'map' : 'control'
}

/** A search field empties itself by Escape before it is left. */
const isFullSearch = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''

/** @returns a function that ends the listening */
export function listenToKeys(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || event.altKey) return
    const key = keyOf(event)
    if (key === null) return
    const act = actOf(key, placeOf(event.target), useSettings.getState().settings.shortcuts)
    if (act === 'generate') {
      // Wherever the focus is, also where Enter has a meaning of its own.
      event.preventDefault()
      return generateNow()
    }
    if (act === null || event.defaultPrevented) return
    // The DOM is asked because the store learns of a closed sheet later, and the next Escape must not be lost.
    if (document.querySelector('dialog[open]') && !OVER_SHEETS.includes(act)) return
    if (act === 'leave') return leave(event)
    const command = COMMANDS.find(({ id }) => id === act)
    if (!command || command.enabled?.() === false) return
    event.preventDefault()
    command.run()
  }
  window.addEventListener('keydown', press)
  return () => window.removeEventListener('keydown', press)
}

function leave(event: KeyboardEvent): void {
  if (isFullSearch(event.target) || !(event.target instanceof HTMLElement)) return
  event.preventDefault()
  event.target.blur()
}
