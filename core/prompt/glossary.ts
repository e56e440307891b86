/**
 * The user's own meanings of words: glossary.csv in the data folder, with the columns word and translation. It may be edited
 * with any program; whatever that saves (another encoding, semicolons) is read.
 */
import { copyFile, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { fault, reasonOf } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import type { LineNote } from '../tables/delimited.ts'
import { readListFile } from '../tables/list-file.ts'
import { type ListedWord, type ReadList, readList } from '../tables/read-list.ts'
import { foldForLookup } from '../text/fold.ts'
import { lookUp } from './dictionary.ts'

export interface GlossaryEntry {
  word: string
  translation: string
}

/** What an import changed. */
export interface GlossaryImport {
  added: number
  changed: number
  /** Lines that gave no word with a meaning, and why. */
  problems: LineNote[]
}

interface Known {
  /** Of the file that was read: when it was written, and its size. */
  version: string
  /** By the word as it is looked up. */
  entries: Map<string, GlossaryEntry>
  /** Something in the file is none of ours and would go if it were written again. */
  hasMore: boolean
}

const NONE: Known = { version: 'none', entries: new Map(), hasMore: false }

export class Glossary {
  readonly file: string
  #known = NONE
  readonly #writing = new SerialQueue()

  constructor(dataFolder: string) {
    this.file = join(dataFolder, 'glossary.csv')
  }

  /** The meaning of a word, however it is capitalised; null: none is known. @throws StudioError bad-request: a damaged file */
  async find(word: string): Promise<string | null> {
    const { entries } = await this.#read()
    return entries.get(keyOf(word))?.translation ?? null
  }

  /** All entries, in the file's order. @throws StudioError bad-request */
  async list(): Promise<GlossaryEntry[]> {
    const { entries } = await this.#read()
    return [...entries.values()]
  }

  /** Adds a meaning, or changes it. @throws StudioError bad-request, cannot-write */
  set(word: string, translation: string): Promise<void> {
    return this.#change(entries => {
      const entry = { word: word.trim(), translation: translation.trim() }
      if (!entry.word || !entry.translation) throw fault('glossaryEntryEmpty')
      entries.set(keyOf(word), entry)
    })
  }

  /** @returns whether there was one */
  async remove(word: string): Promise<boolean> {
    let found = false
    await this.#change(entries => {
      found = entries.delete(keyOf(word))
    })
    return found
  }

  /** Keeps a meaning that was typed for a word that the dictionary cannot explain; of others it knows better. */
  async remember(word: string, translation: string): Promise<void> {
    if (!/\p{L}/u.test(word) || translation.trim() === '' || (await this.find(word)) === translation.trim()) return
    const lookup = await lookUp(word)
    if (lookup.basis === 'none' || lookup.meaning === null) await this.set(word, translation)
  }

  /** Takes over the words of a list that have a meaning. @throws StudioError bad-request, cannot-write */
  async add(list: ReadList): Promise<GlossaryImport> {
    const report: GlossaryImport = { added: 0, changed: 0, problems: [...list.problems] }
    await this.#change(entries => {
      for (const { line, word } of list.entries) {
        const entry = entryOf(word)
        if (!entry) {
          report.problems.push({ line, ...fault('glossaryEntryEmpty').report() })
          continue
        }
        const known = entries.get(keyOf(entry.word))
        if (!known) report.added++
        else if (known.translation !== entry.translation) report.changed++
        entries.set(keyOf(entry.word), entry)
      }
    })
    return report
  }

  #change(how: (entries: Map<string, GlossaryEntry>) => void): Promise<void> {
    return this.#writing.run(async () => {
      const { entries, hasMore } = await this.#read()
      const changed = new Map(entries)
      how(changed)
      if (JSON.stringify([...changed.values()]) === JSON.stringify([...entries.values()])) return
      if (hasMore) await copyFile(this.file, `${this.file}.before-${new Date().toISOString().slice(0, 10)}`)
      const rows = [...changed.values()].map(({ word, translation }) => [word, translation])
      // With a byte order mark, without which Excel takes it for something else.
      await writeDurably(
        this.file,
        stringify([['word', 'translation'], ...rows], { bom: true, record_delimiter: '\r\n' }),
      )
    })
  }

  async #read(): Promise<Known> {
    const about = await stat(this.file).catch(() => null)
    if (!about) return (this.#known = NONE)
    const version = `${about.mtimeMs} ${about.size}`
    if (this.#known.version === version) return this.#known
    const list = await readFile(this.file)
      .then(bytes => readListFile(bytes, this.file))
      .then(file => readList(file, { inFile: true }))
      .catch(cause => {
        throw fault('glossaryUnreadable', { file: this.file, reason: reasonOf(cause).replace(/\.$/, '') }, { cause })
      })
    const entries = new Map<string, GlossaryEntry>()
    let hasMore = list.problems.length > 0 || list.notes.length > 0
    for (const { word } of list.entries) {
      const entry = entryOf(word)
      if (entry) entries.set(keyOf(word.word), entry)
      else hasMore = true
    }
    this.#known = { version, entries, hasMore }
    return this.#known
  }
}

const keyOf = (word: string): string => foldForLookup(word).replace(/\s+/g, ' ').toLowerCase()

const entryOf = ({ word, translation }: ListedWord): GlossaryEntry | null =>
  translation ? { word, translation } : null
