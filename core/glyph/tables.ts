/** What of a font is read beside HarfBuzz: its table directory, and the few small tables that this needs. */

/** Tags of the tables that a font has; those of READ are readable. */
export class TableDirectory {
  readonly #tags: ReadonlySet<string>
  readonly #tables: ReadonlyMap<string, DataView>

  constructor(tags: ReadonlySet<string>, tables: ReadonlyMap<string, DataView>) {
    this.#tags = tags
    this.#tables = tables
  }

  has(tag: string): boolean {
    return this.#tags.has(tag)
  }

  get(tag: (typeof READ)[number]): DataView | undefined {
    return this.#tables.get(tag)
  }
}

const READ = ['cmap', 'fvar', 'avar', 'HVAR', 'kern', 'head', 'loca', 'glyf'] as const

/**
 * OpenType specification, "Table directory" and "TTC header".
 * @param index of the font in a collection, 0 otherwise
 * @throws RangeError where the directory or a table lies outside of the file
 */
export function tablesOf(bytes: Uint8Array, index: number): TableDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // 'ttcf'
  const start = view.getUint32(0) === 0x74746366 ? view.getUint32(12 + 4 * index) : 0
  const tags = new Set<string>()
  const tables = new Map<string, DataView>()
  for (let i = 0; i < view.getUint16(start + 4); i++) {
    const entry = start + 12 + 16 * i
    const tag = String.fromCharCode(...bytes.subarray(entry, entry + 4))
    tags.add(tag)
    if (!(READ as readonly string[]).includes(tag)) continue
    const [offset, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)]
    if (offset + length > bytes.length) throw new RangeError(`table ${tag} lies outside of the file`)
    tables.set(tag, new DataView(bytes.buffer, bytes.byteOffset + offset, length))
  }
  return new TableDirectory(tags, tables)
}
