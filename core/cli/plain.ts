/** A stranger's text on a terminal: no control characters. */
export const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')

/** The same as one line: messages may quote what a user gave, and that may hold anything. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ')
