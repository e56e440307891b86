/**
 * How well a word can be read in a picture: it is read, and its outlines are compared with the glyph that was to be
 * written. Method, figures and limits: legibility.md. Imported by the reading process (and tests), never by a host.
 */
import type { Layout } from '../contract/request.ts'
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { drawWord, rasterise } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import type { PlacedCharacter } from '../glyph/types.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import { crop } from './crop.ts'
import { findLines } from './detector.ts'
import { isSameWord } from './edit-distance.ts'
import { around, widened, wordLines } from './lines.ts'
import { type InkMeasure, measureInk, outlineAgreement } from './outline.ts'
import { plainView } from './plain-view.ts'
import { isCovered, type Reading, readLines } from './recogniser.ts'

export interface Judgement {
  /** 0 unreadable … 0.5 a reader hesitates … 1 plain; null: it cannot be judged, and `why` says why not. */
  score: number | null
  /** What was read at the word's place, or anywhere without a word; null: nothing, or the reader does not know the script. */
  read: string | null
  /** Agreement with the outlines of the glyph, 0..1; null: there is no glyph, or its strokes are too thin. */
  outline: number | null
  /** One sentence. */
  why: Phrase
  /** Of a composition of several words, each by itself; the score is the least. */
  words?: readonly { name: string; score: number | null }[]
  /** Of a composition: words that are crossed by other blocks, and strokes too fine to be painted. */
  notices?: readonly Phrase[]
}

/** What the picture should say, as far as it is known. */
export interface Subject {
  word: string | null
  /** How the word was laid out in this picture; null: it was not drawn by the studio, and may stand anywhere. */
  layout: Layout | null
  /** The ink that the maps were drawn from; null: it is drawn from word and layout. */
  mask: Gray | null
}

/** Share of the reading in the score; the outline has the rest. Set by `npm run eval:legibility`. */
const READING = 0.8
/** From here on a word is plain, and the score is 1: what is left of distortion hinders no reader. */
const WHOLE = 0.95
/** A line that is read so well need not be looked for elsewhere in the picture. */
const PLAIN = 0.9
/** Letters of fewer pixels are below what the reader was made for, and what an eye makes out. */
const LEAST_LETTER = 7

/**
 * @param picture any size
 * @throws StudioError 'bad-word', 'missing-glyph', 'bad-image'
 */
export async function judge(picture: Rgb, subject: Subject): Promise<Judgement> {
  const { word } = subject
  const drawn = await drawnIn(picture, subject)
  const ink = drawn && (await inkOf(drawn))
  if (drawn && !ink) throw fault('maskBlank')
  const agreement = drawn && ink ? outlineAgreement(picture, drawn.mask, ink) : null
  const outline = agreement?.score ?? null
  const say = (score: number | null, read: string | null, why: Phrase): Judgement => ({ score, read, outline, why })

  if (word === null) {
    if (drawn) return say(outline, null, outline === null ? phrase('strokesTooThin') : phrase('judgedByOutlineAlone'))
    const read = (await readAnywhere(picture, null)).map(({ text }) => text).join(' ') || null
    return say(null, read, phrase('noWordToCompare'))
  }
  if (!isCovered(word)) {
    if (!drawn) return say(null, null, phrase('scriptNotRead', { word }))
    return say(outline, null, outline === null ? phrase('strokesTooThin') : phrase('scriptJudgedByOutline'))
  }
  const looks = [
    async () => (drawn && ink ? readLines(wordLines(picture, drawn.characters, ink.box), word) : []),
    async () => {
      if (!drawn || !ink || !agreement) return []
      const { channel, polarity } = agreement.parts
      return readLines(wordLines(plainView(picture, channel, polarity, ink.stroke), drawn.characters, ink.box), word)
    },
    () => readAnywhere(picture, word),
  ]
  const readings: Reading[] = []
  for (const look of looks) if (!readings.some(isPlain)) readings.push(...(await look()))
  const best = bestOf(readings)
  const read = best?.text || null
  const match = best?.match ?? 0
  if (outline === null && drawn && ink && match < 0.5 && letterHeight(ink.box, drawn.characters) < LEAST_LETTER) {
    return say(null, read, phrase('strokesTooThin'))
  }
  const both = outline === null ? match : READING * match + (1 - READING) * outline
  return say(Math.min(1, both / WHOLE), read, whyOf(word, best))
}

const isPlain = ({ match }: Reading) => match >= PLAIN

function whyOf(word: string, best: Reading | null): Phrase {
  if (!best?.text) return phrase('nothingRead')
  const same = isSameWord(best.text, word)
  const sure = Math.round(100 * best.confidence)
  if (same && plainText(best.text) !== plainText(word)) return phrase('readAsVariant', { read: best.text, word })
  return same ? phrase('readAsWritten', { read: best.text, sure }) : phrase('readOtherwise', { read: best.text, word })
}

const plainText = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')

const bestOf = (readings: readonly Reading[]): Reading | null =>
  readings.reduce<Reading | null>((best, next) => (best && best.match >= next.match ? best : next), null)

interface Drawn {
  mask: Gray
  /** Empty for a mask that is not the word's own. */
  characters: readonly PlacedCharacter[]
}

async function drawnIn({ width, height }: Rgb, { word, layout, mask }: Subject): Promise<Drawn | null> {
  if (word !== null && layout) {
    const glyph = await drawWord(word, layout, width, height)
    if (!mask || (mask.width === width && mask.height === height)) {
      return { mask: mask ?? maskOf(glyph), characters: glyph.characters }
    }
  }
  return mask && { mask, characters: [] }
}

/** Lower letters are measured on an enlarged drawing: in the picture's own pixels their strokes run into each other. */
const COARSE = 48
const ENLARGED = 4

async function inkOf({ mask, characters }: Drawn): Promise<InkMeasure | null> {
  const ink = measureInk(mask)
  if (!ink || characters.length === 0 || letterHeight(ink.box, characters) >= COARSE) return ink
  const { x, y, width, height } = ink.box
  const paths = characters.map(({ path }) => path)
  const large = await rasterise(paths, width * ENLARGED, height * ENLARGED, { x, y, scale: ENLARGED })
  const stroke = measureInk(maskOf({ coverage: large }))?.stroke
  return { ...ink, stroke: stroke === undefined ? ink.stroke : stroke / ENLARGED }
}

/** Every line that is found, and all of them together as one. */
async function readAnywhere(picture: Rgb, word: string | null): Promise<Reading[]> {
  const boxes = await findLines(picture)
  if (boxes.length === 0) return []
  const lines = boxes.map(box => crop(picture, box))
  const readings = await readLines(lines, word)
  if (word === null || boxes.length === 1) return readings
  const whole = around(boxes)
  return [...readings, ...(await readLines([crop(picture, widened(whole, 0))], word))]
}

const letterHeight = (ink: { height: number }, characters: readonly PlacedCharacter[]): number =>
  characters.length === 0 ? ink.height : Math.min(ink.height, Math.max(...characters.map(({ cell }) => cell.height)))
