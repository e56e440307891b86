import { useCallback, useRef } from 'react'

/**
 * For a field that appears when it is asked for: it takes the focus, or what is typed next would go to the button that
 * was pressed. Call `ask` with the press and give `field` to the element as its ref.
 */
export function useAskedFocus(): { ask(): void; field(element: HTMLInputElement | HTMLTextAreaElement | null): void } {
  const isAsked = useRef(false)
  const ask = useCallback(() => {
    isAsked.current = true
  }, [])
  const field = useCallback((element: HTMLInputElement | HTMLTextAreaElement | null) => {
    if (!element || !isAsked.current) return
    isAsked.current = false
    element.focus()
    if (element instanceof HTMLTextAreaElement) element.setSelectionRange(element.value.length, element.value.length)
  }, [])
  return { ask, field }
}
