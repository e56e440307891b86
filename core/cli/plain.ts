/** A stranger's text on a terminal: no control characters. */
export const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')
