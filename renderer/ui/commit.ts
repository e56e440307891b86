import type { FocusEvent, KeyboardEvent } from 'react'

/** Enter, but not that of an input method, which only ends a word. */
export const isEnter = ({ key, nativeEvent }: KeyboardEvent): boolean => key === 'Enter' && !nativeEvent.isComposing

/** For a field whose text counts when Enter is pressed, or when the field is left. */
export const commitBy = (take: (text: string, field: HTMLInputElement) => void) => ({
  onBlur: ({ currentTarget }: FocusEvent<HTMLInputElement>) => take(currentTarget.value, currentTarget),
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => {
    if (isEnter(event)) take(event.currentTarget.value, event.currentTarget)
  },
})
