/** Decks and printed cards of a finished set: one card a word, with all its pictures. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { safeName } from '../files/safe-name.ts'
import { writeDeck } from '../output/anki.ts'
import { aboutWord, type Card, MOST_PICTURES } from '../output/card.ts'
import { drawCards } from '../output/cards-pdf.ts'
import type { SetDefinition } from './definition.ts'
import { ListedFiles } from './listed-files.ts'
import type { ListedFile, ManifestEntry } from './manifest.ts'

/** File names of a set's deck and cards. */
export const deckName = (name: string): string => `${safeName(name, 'set')}.apkg`
export const cardsName = (name: string): string => `${safeName(name, 'set')}-cards.pdf`

/** Writes what the definition asks for: NAME.apkg, NAME-cards.pdf. @returns the files, in the order they were made */
export async function drawCardFiles(
  definition: SetDefinition,
  entries: readonly ManifestEntry[],
  folder: string,
  staging: string,
): Promise<ListedFile[]> {
  const { deck, cards: options } = definition
  if (!deck && !options) return []
  const cards = await cardsOf(entries, folder)
  if (cards.length === 0) return []
  const files = new ListedFiles(folder, staging)
  if (deck) await files.write(deckName(definition.name), await writeDeck(cards, definition.name))
  if (options) await files.write(cardsName(definition.name), await drawCards(cards, definition.name, options))
  return files.all
}

/** In the order of the set's words; the maps on a card are those of its best picture, where the set keeps maps. */
async function cardsOf(entries: readonly ManifestEntry[], folder: string): Promise<Card[]> {
  const made = entries.filter(({ done }) => done)
  const cards: Card[] = []
  for (const some of Map.groupBy(made, ({ picture }) => picture.entry).values()) {
    const best = some.toSorted((a, b) => (b.done!.legibility ?? 0) - (a.done!.legibility ?? 0))
    const [{ picture, done }] = best
    const {
      word,
      translation,
      about: { style },
    } = picture
    const about = await aboutWord(word, translation)
    cards.push({
      ...{ word, ...about },
      pictures: best.slice(0, MOST_PICTURES).map(entry => join(folder, pictureOf(entry))),
      maps: await Promise.all(
        mapsOf(done!.files).map(async ({ kind, name }) => ({ name: kind, png: await png(join(folder, name)) })),
      ),
      style,
    })
  }
  return cards
}

const pictureOf = ({ done }: ManifestEntry): string =>
  (done!.files.find(({ kind }) => kind === 'picture') ?? done!.files[0]).name

/** One file a map, in whatever format comes first. */
function mapsOf(files: NonNullable<ManifestEntry['done']>['files']) {
  const maps = files.filter(({ kind }) => kind !== 'picture')
  return maps.filter(({ kind }, at) => maps.findIndex(other => other.kind === kind) === at)
}

async function png(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file)
  return file.endsWith('.png') ? bytes : sharp(bytes).png().toBuffer()
}
