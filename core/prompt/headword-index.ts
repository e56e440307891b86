/** A hash table from headwords to places in a dictionary's bytes, which stay as they were read: no object an entry. */
export class HeadwordIndex {
  readonly #bytes: Uint8Array
  /** Open addressing by the headword's hash; 0 is free, otherwise the offset + 1. */
  readonly #slots: Int32Array

  /** @param capacity headwords at most; half as many slots again are kept free */
  constructor(bytes: Uint8Array, capacity: number) {
    this.#bytes = bytes
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, capacity * 1.5))))
  }

  /** @param start,end the headword's bytes; @param offset what is found under it */
  add(start: number, end: number, offset: number): void {
    let slot = this.#hash(this.#bytes, start, end)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1)
    this.#slots[slot] = offset + 1
  }

  /** Offsets that were added under this hash or a neighbouring one, each once: the caller compares the headword itself. */
  *candidates(headword: Uint8Array): Generator<number> {
    // An entry whose two headwords fall near each other stands twice on one way.
    const seen = new Set<number>()
    const mask = this.#slots.length - 1
    for (let slot = this.#hash(headword, 0, headword.length); this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const offset = this.#slots[slot] - 1
      if (!seen.has(offset)) yield offset
      seen.add(offset)
    }
  }

  /** FNV-1a, folded. */
  #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1)
  }
}
