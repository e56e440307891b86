/** An Anki deck (.apkg): words with reading, meaning, picture and maps, asked in both directions. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { ZipFile } from 'yazl'
import { type Note, type NoteType, writeCollection } from './anki-schema.ts'
import { altOf, type Card } from './card.ts'

/** The longer side of pictures and maps in a deck: a telephone's screen. */
const PICTURE_SIDE = 768
const MAP_SIDE = 320
/** Media of one deck, and Anki's own order of its files. */
const NO_DATE = new Date(1980, 0, 1)

const BACK = `<hr id=answer>
<div class=word>{{Word}}</div>
{{#Reading}}<div class=reading>{{Reading}}</div>{{/Reading}}
{{#Meaning}}<div class=meaning>{{Meaning}}</div>{{/Meaning}}`
const MAPS = '{{#Maps}}<div class=maps>{{Maps}}</div>{{/Maps}}'

/** The id never changes: decks of several exports share the note type. */
const TYPE: NoteType = {
  id: 1_764_000_000_001,
  name: 'Zihua',
  fields: ['Word', 'Reading', 'Meaning', 'Picture', 'Maps'],
  cards: [
    { name: 'Picture', front: '{{Picture}}', back: `{{FrontSide}}\n${BACK}\n${MAPS}`, needs: [3] },
    {
      name: 'Meaning',
      front: '{{#Meaning}}{{Meaning}}{{/Meaning}}{{^Meaning}}{{Word}}{{/Meaning}}',
      back: `${BACK}\n{{Picture}}\n${MAPS}`,
      needs: [0, 2],
    },
  ],
  css: `.card { font: 20px sans-serif; text-align: center; color: #1b1917; background: #f6f2ea; }
.nightMode.card { color: #ede7db; background: #141312; }
.word { font-size: 48px; }
.reading, .meaning { font-size: 24px; }
img { max-width: 100%; max-height: 60vh; }
.maps img { max-width: 24%; }`,
}

/** @param deck its name, "::" for a deck within another. @throws StudioError bad-image for a picture that cannot be read */
export async function writeDeck(cards: readonly Card[], deck: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'zihua-deck-'))
  try {
    const media = new Media()
    const notes: Note[] = []
    const ids = new Set<number>()
    for (const card of cards) notes.push(await noteOf(card, deck, media, ids))
    const file = join(folder, 'collection.anki2')
    writeCollection(file, { deck: { id: numberOf(`deck ${deck}`), name: deck }, type: TYPE, notes })
    return await pack(await readFile(file), media.files)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Files of the deck by name; names are by content, so that decks never replace each other's files. */
class Media {
  readonly files = new Map<string, Uint8Array>()

  add(bytes: Uint8Array): string {
    const name = `zihua-${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}.jpg`
    this.files.set(name, bytes)
    return name
  }
}

async function noteOf(card: Card, deck: string, media: Media, ids: Set<number>): Promise<Note> {
  const { word, reading, meaning } = card
  // On the side that asks nothing may answer, the alt text neither.
  const alt = altOf({ ...card, reading: null, meaning: null })
  const picture = async (source: string | Uint8Array, side: number, text: string) => {
    const name = media.add(await jpeg(source, side))
    return `<img src="${name}" alt="${escapeHtml(text)}">`
  }
  const pictures: string[] = []
  for (const file of card.pictures) pictures.push(await picture(file, PICTURE_SIDE, alt))
  const maps: string[] = []
  for (const { name, png } of card.maps) maps.push(await picture(png, MAP_SIDE, `${name}, ${word}`))
  const fields = [
    ...[word, reading ?? '', meaning ?? ''].map(text => escapeHtml(text).replaceAll('\n', '<br>')),
    pictures.join(''),
    maps.join(''),
  ]
  const about = [deck, word, meaning ?? ''].join('\x1f')
  let id = numberOf(`note ${about}`)
  while (ids.has(id)) id++
  ids.add(id)
  const guid = createHash('sha256').update(about).digest('base64url').slice(0, 16)
  // Source: anki pylib/anki/utils.py, field_checksum.
  const checksum = createHash('sha1').update(word).digest().readUInt32BE(0)
  return { id, guid, fields, tags: ['zihua'], checksum }
}

/** Anki's ids are times in milliseconds; one that a text decides is the same in every export. */
const numberOf = (text: string): number =>
  1_500_000_000_000 + (createHash('sha256').update(text).digest().readUIntBE(0, 6) % 100_000_000_000)

const jpeg = (source: string | Uint8Array, side: number): Promise<Uint8Array> =>
  sharp(source)
    .flatten({ background: '#ffffff' })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 88 })
    .toBuffer()

function escapeHtml(text: string): string {
  const clean = text.toWellFormed().replace(/[^\P{Cc}\n]/gu, ' ')
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Source: ankitects/anki rslib/src/import_export/package/media.rs: numbered files, and their names as JSON. */
async function pack(collection: Uint8Array, media: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const zip = new ZipFile()
  const how = (compress: boolean) => ({ mtime: NO_DATE, mode: 0o100644, compress, forceDosTimestamp: true })
  zip.addBuffer(Buffer.from(collection), 'collection.anki2', how(true))
  const names = [...media.keys()]
  zip.addBuffer(
    Buffer.from(JSON.stringify(Object.fromEntries(names.map((name, at) => [at, name])))),
    'media',
    how(true),
  )
  for (const [at, name] of names.entries()) zip.addBuffer(Buffer.from(media.get(name)!), String(at), how(false))
  zip.end()
  return buffer(zip.outputStream as NodeJS.ReadableStream)
}
