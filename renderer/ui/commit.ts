import type { FocusEvent, KeyboardEvent } from 'react'

/** For a field whose text counts when Enter is pressed, or when the field is left. */
export const commitBy = (take: (text: string, field: HTMLInputElement) => void) => ({
  onBlur: ({ currentTarget }: FocusEvent<HTMLInputElement>) => take(currentTarget.value, currentTarget),
  onKeyDown: ({ key, nativeEvent, currentTarget }: KeyboardEvent<HTMLInputElement>) => {
    // The Enter of an input method only ends a word.
    if (key === 'Enter' && !nativeEvent.isComposing) take(currentTarget.value, currentTarget)
  },
})
