/** The styles there are: the studio's own, and the user's as JSON files in a folder, which may hold anything. */
import { constants } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, phrase, reasonOf } from '../faults/fault.ts'
import { type ErrorReport, type Phrase, StudioError } from '../faults/studio-error.ts'
import { cannotWrite, writeDurably } from '../files/durable.ts'
import { nearest } from './nearest.ts'
import { parseStyle, type StyleDefinition } from './style.ts'
import { BUILT_IN_STYLES, builtInStyle } from './styles.ts'

/** A style has some hundred bytes; the longest that the schema allows has less than ten thousand. */
export const MAX_STYLE_BYTES = 64 * 1024
/** More files than this in the folder are no collection of styles. */
const MAX_FILES = 1000
const ENDING = '.json'
/** Names that Windows keeps for devices, whatever the ending. */
const DEVICE_NAMES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/
const MAX_ID = 40
const MAX_NAME = 60

export interface ListedStyle {
  style: StyleDefinition
  origin: 'built-in' | 'user'
}

export interface StyleList {
  /** The studio's own in their order, then the user's by id. */
  styles: ListedStyle[]
  /** Files in the folder that are no style, and why. */
  problems: { file: string; error: ErrorReport }[]
}

export interface ImportedStyle {
  style: StyleDefinition
  /** The id in the text where it was taken and another one was found; otherwise null. */
  renamedFrom: string | null
  /** The very same style was there already, and nothing was written. */
  alreadyThere: boolean
  /** One sentence for the user. */
  message: string
}

export class StyleLibrary {
  readonly folder: string

  /** @param dataFolder the studio's; the styles lie in its folder "styles", which the first save makes */
  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'styles')
  }

  /** Every style, and what in the folder is none. @throws StudioError bad-style: the folder cannot be read */
  async list(): Promise<StyleList> {
    const styles: ListedStyle[] = BUILT_IN_STYLES.map(style => ({ style, origin: 'built-in' }))
    const problems: StyleList['problems'] = []
    for (const name of await this.#files()) {
      const file = join(this.folder, name)
      try {
        styles.push({ style: await readStyle(file, name.slice(0, -ENDING.length)), origin: 'user' })
      } catch (error) {
        if (!(error instanceof StudioError)) throw error
        problems.push({ file, error: error.report() })
      }
    }
    return { styles, problems }
  }

  /** @throws StudioError bad-style: the file is damaged, or there is no such style; the hint names the nearest there are */
  async get(id: string): Promise<StyleDefinition> {
    const own = builtInStyle(id)
    if (own) return own
    const ids = await this.#ids()
    if (ids.includes(id)) return readStyle(this.#file(id), id)
    const close = nearest(id, [...BUILT_IN_STYLES.map(style => style.id), ...ids])
    throw fault('noSuchStyle', { id: id.slice(0, MAX_NAME), nearest: close.join(', ') })
  }

  /**
   * Writes a user's style, whole or not at all; one of the same id is replaced.
   * @throws StudioError bad-style: it is invalid, or its id is one of the studio's own
   * @throws StudioError cannot-write
   */
  async save(style: StyleDefinition): Promise<StyleDefinition> {
    const checked = checkStyle(style, phrase('theStyle'))
    refuseBuiltIn(checked.id)
    await writeDurably(this.#file(checked.id), textOf(checked))
    return checked
  }

  /** @throws StudioError bad-style: no user's style has this id; cannot-write */
  async remove(id: string): Promise<void> {
    refuseBuiltIn(id)
    if (!(await this.#ids()).includes(id)) await this.get(id)
    await rm(this.#file(id)).catch((error: unknown) => {
      throw cannotWrite(this.#file(id), error)
    })
  }

  /**
   * Takes in what export gave. A taken id gets a number, and so do the names, and the result says so.
   * @throws StudioError bad-style: the text is no style; cannot-write
   */
  async import(text: string): Promise<ImportedStyle> {
    if (Buffer.byteLength(text) > MAX_STYLE_BYTES) throw tooLarge(phrase('theStyle'))
    const style = checkStyle(parseJson(text, phrase('theStyle')), phrase('theStyle'))
    const there = builtInStyle(style.id) ?? (await this.get(style.id).catch(() => null))
    if (there && textOf(there) === textOf(style)) {
      return {
        style: there,
        renamedFrom: null,
        alreadyThere: true,
        message: `"${style.id}" is there already, just so.`,
      }
    }
    const free = await this.#free(style)
    await this.save(free)
    const renamedFrom = free.id === style.id ? null : style.id
    const message = renamedFrom
      ? `"${renamedFrom}" was taken, so the style is "${free.id}" now.`
      : `"${free.id}" is in.`
    return { style: free, renamedFrom, alreadyThere: false, message }
  }

  /** The same from a file. @throws StudioError bad-style, cannot-write */
  async importFile(file: string): Promise<ImportedStyle> {
    return this.import(await readText(file))
  }

  /** A style, built-in or own, as the text of a file. @throws StudioError bad-style */
  async export(id: string): Promise<string> {
    return textOf(await this.get(id))
  }

  #file(id: string): string {
    return join(this.folder, id + ENDING)
  }

  async #ids(): Promise<string[]> {
    return (await this.#files()).map(name => name.slice(0, -ENDING.length))
  }

  /** Files written to the end; a temporary file begins with a dot. */
  async #files(): Promise<string[]> {
    try {
      const names = await readdir(this.folder)
      const files = names.filter(name => name.endsWith(ENDING) && !name.startsWith('.'))
      return files.sort().slice(0, MAX_FILES)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw unreadable(this.folder, error)
    }
  }

  /** The style under an id that nothing has, not even a damaged file: name, name-2, name-3 … */
  async #free(style: StyleDefinition): Promise<StyleDefinition> {
    const taken = new Set([...BUILT_IN_STYLES.map(({ id }) => id), ...(await this.#ids())])
    if (!taken.has(style.id)) return style
    let number = 2
    while (taken.has(numbered(style.id, `-${number}`, MAX_ID))) number++
    const name = (text: string) => numbered(text, ` ${number}`, MAX_NAME)
    return {
      ...style,
      id: numbered(style.id, `-${number}`, MAX_ID),
      name: { en: name(style.name.en), ru: name(style.name.ru), zh: name(style.name.zh) },
    }
  }
}

/** Cut to its room, with no hyphen or half a character before the number. */
const numbered = (text: string, ending: string, room: number): string =>
  text.slice(0, room - ending.length).replace(/(?<![-\s\ud800-\udbff])[-\s\ud800-\udbff]+$/, '') + ending

/** Fields in the schema's order, so that equal styles are equal texts. */
const textOf = (style: StyleDefinition): string => `${JSON.stringify(parseStyle(style), null, 2)}\n`

function refuseBuiltIn(id: string): void {
  if (!builtInStyle(id)) return
  throw fault('styleIsBuiltIn', { id })
}

async function readStyle(file: string, id: string): Promise<StyleDefinition> {
  const style = checkStyle(parseJson(await readText(file), file), file)
  if (style.id === id) {
    refuseBuiltIn(id)
    return style
  }
  throw fault('styleMisnamed', { file, holds: style.id, id })
}

function checkStyle(value: unknown, what: string | Phrase): StyleDefinition {
  try {
    const style = parseStyle(value, what)
    if (!DEVICE_NAMES.test(style.id)) return style
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    throw fault('styleWrong', { problem: error.report() })
  }
  throw fault('styleIdReserved', { what })
}

function parseJson(text: string, what: string | Phrase): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    // Its message quotes the text, which has lines.
    throw fault('styleNotJson', { what, reason: reasonOf(cause).replace(/\s+/g, ' ') }, { cause })
  }
}

/** Reads a plain file of at most 64 KB; opened without blocking, so that a pipe of that name cannot hold the studio up. */
async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stat = await handle.stat()
    if (!stat.isFile()) throw fault('styleUnreadable', { path: file, reason: phrase('itIsNoFile') })
    const bytes = Buffer.alloc(MAX_STYLE_BYTES + 1)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    if (bytesRead > MAX_STYLE_BYTES) throw tooLarge(file)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead))
  } catch (error) {
    throw error instanceof StudioError ? error : unreadable(file, error)
  }
}

const tooLarge = (what: string | Phrase): StudioError =>
  fault('styleTooLarge', { what, kilobytes: MAX_STYLE_BYTES / 1024 })

const unreadable = (path: string, cause: unknown): StudioError =>
  fault('styleUnreadable', { path, reason: reasonOf(cause) }, { cause })
