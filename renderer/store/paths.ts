/** A path as it was pasted: Windows copies one between quotation marks. */
export const plainPath = (text: string): string => text.trim().replace(/^"([^"]*)"$/, '$1')
