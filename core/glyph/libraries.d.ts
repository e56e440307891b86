/** Types of libraries that come without, or with types that do not fit how Node loads them. */

declare module 'wawoff2' {
  /**
   * WOFF2 bytes → the plain TrueType or OpenType bytes inside, valid until the next call. Rejects what is not WOFF2.
   */
  export function decompress(bytes: Uint8Array): Promise<Uint8Array>
}

declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string)
    /** The next place where a line may or must end: index of the UTF-16 unit after it; null at the end. */
    nextBreak(): { position: number; required: boolean } | null
  }
}

declare module 'bidi-js' {
  interface EmbeddingLevels {
    levels: Uint8Array
    paragraphs: { start: number; end: number; level: number }[]
  }
  export default function bidiFactory(): {
    getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl'): EmbeddingLevels
  }
}

declare module 'unicode-properties' {
  const unicode: {
    /** Canonical combining class by name: "Above", "Attached_Below" …; "Not_Reordered" for what is no mark. */
    getCombiningClass(codePoint: number): string
  }
  export default unicode
}
