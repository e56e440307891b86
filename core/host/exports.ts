/** Files made of a selection of pictures, kept for an hour to be downloaded. */
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { wordMask } from '../composition/word-mask.ts'
import { MAPS, METHODS, type Method } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { cannotWrite, makeFolder } from '../files/durable.ts'
import { NameBook, safeName } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import type { Studio } from '../generate/studio.ts'
import { maskOf } from '../glyph/mask.ts'
import type { Glyph } from '../glyph/types.ts'
import { ENDINGS } from '../image/encode.ts'
import type { Library } from '../library/library.ts'
import type { PictureDetails } from '../library/picture-index.ts'
import { aboutWord, altOf, type Card, MOST_PICTURES } from '../output/card.ts'
import { partsOf, writeSvg } from '../output/vector.ts'
import { joinedReading } from '../prompt/reading.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { fileName } from '../sets/template.ts'
import type { ExportChoice, Exported } from './export-schema.ts'
import { write } from './export-worker.ts'

/** How long a file waits for its download. */
const KEPT_MS = 60 * 60_000
const NO_DATE = new Date(1980, 0, 1)

/** A file of the export, made when it is its turn. */
interface Part {
  name: string
  bytes(): Promise<Uint8Array>
}

type Worded = PictureDetails & { about: { reading: string | null; meaning: string | null } }

export class Exports {
  readonly #folder: string
  readonly #studio: Studio
  readonly #library: Library
  /** Those of this host; another one may have the same data folder open. */
  readonly #made = new Set<string>()

  constructor(studio: Studio, library: Library) {
    this.#folder = join(studio.dataFolder, 'exports')
    this.#studio = studio
    this.#library = library
  }

  /** @throws StudioError 'bad-request': no such picture, or one without a word where that is needed; 'cannot-write', 'cancelled' */
  async make(ids: readonly string[], what: ExportChoice, signal?: AbortSignal): Promise<Exported> {
    await this.#forget(Date.now() - KEPT_MS)
    const pictures: Worded[] = []
    for (const id of new Set(ids)) pictures.push(await this.#about(this.#library.get(id)))
    const { name, parts } = await this.#plan(pictures, what, signal)
    const key = randomBytes(16).toString('hex')
    const folder = join(this.#folder, key)
    this.#made.add(key)
    const [only] = parts
    const file = parts.length === 1 && only ? only.name.split('/').at(-1)! : `${name}.zip`
    const path = join(folder, file)
    try {
      await makeFolder(folder)
      if (parts.length === 1 && only) await writeFile(path, await only.bytes())
      else await this.#zip(path, parts, signal)
    } catch (cause) {
      await rm(folder, { recursive: true, force: true })
      if (signal?.aborted) throw fault('cancelled')
      throw isSystemError(cause) ? cannotWrite(path, cause) : cause
    }
    return { url: `/exports/${key}/${encodeURIComponent(file)}`, name: file, bytes: (await stat(path)).size }
  }

  /** The file of an export; null where there is none, or no more. */
  async file(key: string): Promise<string | null> {
    const folder = join(this.#folder, key)
    const [name] = await readdir(folder).catch(() => [])
    return name === undefined ? null : join(folder, name)
  }

  /** Nobody can fetch them any more when the studio closes. */
  async clear(): Promise<void> {
    for (const key of this.#made) await rm(join(this.#folder, key), { recursive: true, force: true })
  }

  async #forget(before: number): Promise<void> {
    for (const key of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, key)
      const info = await stat(folder).catch(() => null)
      if (info && info.mtimeMs < before) await rm(folder, { recursive: true, force: true })
    }
  }

  async #about(details: PictureDetails): Promise<Worded> {
    const { word, translation } = details
    const about = word === null ? { reading: null, meaning: translation } : await aboutWord(word, translation)
    return { ...details, about }
  }

  async #plan(
    pictures: readonly Worded[],
    what: ExportChoice,
    signal?: AbortSignal,
  ): Promise<{ name: string; parts: Part[] }> {
    if (what.kind === 'pictures') {
      const cut = what.transparent !== 'none' && what.format !== 'jpeg'
      const part = (picture: Worded) => async () => {
        const glyph = cut && picture.word !== null ? await this.#glyph(picture, signal) : null
        return this.#picture(picture, what, glyph, signal)
      }
      return { name: 'pictures', parts: named(pictures, what.names, ENDINGS[what.format], part) }
    }
    if (what.kind === 'psd' || what.kind === 'svg') {
      const without = pictures.filter(({ word, request }) => word === null && !request.composition).length
      if (without > 0) throw fault('exportNeedsWord', { count: without })
      const part = (picture: Worded) => () =>
        what.kind === 'psd' ? this.#psd(picture, signal) : this.#svg(picture, signal)
      return { name: what.kind === 'psd' ? 'layers' : 'words', parts: named(pictures, what.names, what.kind, part) }
    }
    const { title } = what
    const name = safeName(title, 'pictures')
    if (what.kind === 'sheet') {
      const pages = await write(
        'sheet',
        { entries: pictures.map(entry => this.#entry(entry)), title, pages: what.pages },
        signal,
      )
      const part = (bytes: Uint8Array, at: number): Part => ({
        name: pages.length === 1 ? `${name}.${what.pages}` : `${name}-${String(at + 1).padStart(2, '0')}.${what.pages}`,
        bytes: async () => bytes,
      })
      return { name, parts: pages.map(part) }
    }
    const cards = await this.#cards(pictures, what.maps, signal)
    if (what.kind === 'deck')
      return { name, parts: [{ name: `${name}.apkg`, bytes: () => write('deck', { cards, title }, signal) }] }
    const { options } = what
    return { name, parts: [{ name: `${name}.pdf`, bytes: () => write('cards', { cards, title, options }, signal) }] }
  }

  /** What is drawn of a picture's word, and by its methods its maps. */
  async #drawn(
    { request }: PictureDetails,
    withMaps: boolean,
    signal?: AbortSignal,
  ): Promise<{ glyph: Glyph; maps: { name: string; image: Gray | Rgb }[] }> {
    const { word, layout, width, height, style, seed, composition } = request
    const canvas = { layout, width, height }
    const source = composition
      ? ({ kind: 'composition', composition, word, ...canvas } as const)
      : ({ kind: 'word', word: word ?? '', ...canvas } as const)
    const choices = MAPS.map(map => ({ map, method: (request.controls?.[map].method ?? METHODS[map][0]) as Method }))
    // A style that was deleted since draws its scribble as any other.
    const scribble = await this.#studio.styles.get(style).then(
      found => found.scribble,
      () => ({}),
    )
    const job = { source, maps: withMaps ? choices : [], options: { seed, scribble } }
    const { glyph, maps } = await this.#studio.maps.run(job, signal ? { signal } : {})
    return { glyph, maps: maps.map(({ map, image }) => ({ name: map, image })) }
  }

  async #glyph(picture: PictureDetails, signal?: AbortSignal): Promise<Gray | null> {
    return inkOf((await this.#drawn(picture, false, signal)).glyph)
  }

  #picture(
    picture: Worded,
    { format, strip, transparent }: ExportChoice & { kind: 'pictures' },
    mask: Gray | null,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { request, record } = picture
    const prompt = record?.prompt ?? request.prompt ?? ''
    const negativePrompt = record ? record.negativePrompt : request.negativePrompt
    const info = strip ? null : { request, prompt, negativePrompt, version: VERSION }
    const file = join(this.#library.folder, picture.file)
    return write('picture', { file, format, info, alt: this.#alt(picture), mask, glow: transparent === 'glow' }, signal)
  }

  async #psd(picture: Worded, signal?: AbortSignal): Promise<Uint8Array> {
    const { glyph, maps } = await this.#drawn(picture, true, signal)
    const mask = inkOf(glyph)
    if (!mask) throw fault('exportNeedsWord', { count: 1 })
    const file = join(this.#library.folder, picture.file)
    return write('psd', { file, glyph, mask, maps, alt: this.#alt(picture) }, signal)
  }

  async #svg(picture: Worded, signal?: AbortSignal): Promise<Uint8Array> {
    const { glyph } = await this.#drawn(picture, false, signal)
    const { word, about } = picture
    const alt = [word, about.reading, about.meaning].filter(Boolean).join(', ')
    return Buffer.from(writeSvg({ width: glyph.width, height: glyph.height, alt }, partsOf(glyph)))
  }

  #alt({ word, about, style }: Worded): string {
    return altOf({ word: word ?? '', ...about, style })
  }

  #entry(picture: Worded) {
    const { word, about, style, seed, file } = picture
    const said = [about.reading, about.meaning].filter(Boolean).join(' · ')
    return {
      file: join(this.#library.folder, file),
      word: word ?? '',
      about: said,
      style,
      lines: [[word, said].filter(Boolean).join(' · '), `${style} · seed ${seed}`],
    }
  }

  /** One card a word, with its best pictures: by rating, then by score. */
  async #cards(pictures: readonly Worded[], withMaps: boolean, signal?: AbortSignal): Promise<Card[]> {
    const words = Map.groupBy(pictures, ({ word, about }) => `${word}\0${about.meaning}`)
    const cards: Card[] = []
    for (const some of words.values()) {
      const best = some.toSorted((a, b) => b.rating - a.rating || (b.legibility ?? 0) - (a.legibility ?? 0))
      const [{ word, about, style }] = best
      const maps: { name: string; png: Uint8Array }[] = []
      if (withMaps && word !== null)
        for (const { name, image } of (await this.#drawn(best[0], true, signal)).maps)
          maps.push({ name, png: await write('png', { image }, signal) })
      const files = best.slice(0, MOST_PICTURES).map(({ file }) => join(this.#library.folder, file))
      cards.push({ word: word ?? '', ...about, pictures: files, maps, style })
    }
    return cards
  }

  async #zip(path: string, parts: readonly Part[], signal?: AbortSignal): Promise<void> {
    const zip = new ZipFile()
    const written = pipeline(zip.outputStream, createWriteStream(path))
    // What fails first is told; the other would be a rejection that nobody hears.
    written.catch(() => {})
    try {
      for (const { name, bytes } of parts) {
        signal?.throwIfAborted()
        const compress = /\.(svg|psd)$/.test(name)
        zip.addBuffer(Buffer.from(await bytes()), name, {
          mtime: NO_DATE,
          mode: 0o100644,
          compress,
          forceDosTimestamp: true,
        })
      }
    } finally {
      zip.end()
      await written
    }
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string'

/** Null where nothing but motifs is drawn. */
const inkOf = (glyph: Glyph): Gray | null => (glyph.composed ? wordMask(glyph.composed, glyph) : maskOf(glyph))

/** Names by the template, each once. */
function named(
  pictures: readonly Worded[],
  template: string,
  ending: string,
  bytesOf: (picture: Worded) => () => Promise<Uint8Array>,
): Part[] {
  const book = new NameBook()
  return pictures.map((picture, at) => {
    const { word, about, style, seed, width, height, model, sampler, steps, request } = picture
    const wanted = fileName(template, {
      index: at + 1,
      word,
      pinyin: about.reading && joinedReading(about.reading),
      translation: about.meaning,
      style,
      seed,
      width,
      height,
      size: `${width}x${height}`,
      model:
        model
          .split(/[\\/]/)
          .filter(Boolean)
          .at(-1)
          ?.replace(/\.safetensors$/, '') ?? '',
      sampler,
      steps,
      guidance: request.guidanceScale,
      map: 'picture',
      set: picture.set?.name ?? '',
    })
    return { name: `${book.take(wanted)}.${ending}`, bytes: bytesOf(picture) }
  })
}
