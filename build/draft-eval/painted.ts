/** The training painter's pictures of the kept-out characters: the upper bound of what the model can reach. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { readPicture } from '../../core/pictures/door.ts'
import { overlap } from './glyph-match.ts'
import { type Example, features, learnStyles } from './style-classifier.ts'

export interface Painted {
  /** Glyph IoU of the painter's pictures of this character in this style, mean over their seeds. */
  overlap(style: string, character: string): number
  nameStyle(features: Float64Array): string
  /** Accuracy of the style classifier on the painter's pictures that it was not trained on. */
  ceiling: number
}

/** @param folder FOLDER/STYLE/CHARACTER-SEED.webp; all of it teaches the classifier, every fourth first tests it */
export async function openPainted(folder: string, characters: readonly string[]): Promise<Painted> {
  const overlaps = new Map<string, number[]>()
  const examples: Example[] = []
  for (const style of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, style)).sort()) {
      const [character] = name.split('-')
      const picture = await readPicture(join(folder, style, name))
      examples.push({ style, features: features(picture) })
      if (!characters.includes(character)) continue
      const { coverage } = await drawWord(character, DEFAULT_LAYOUT, picture.width, picture.height)
      const key = `${style} ${character}`
      overlaps.set(key, [...(overlaps.get(key) ?? []), overlap(picture, coverage)])
    }
  }
  const held = (_: Example, i: number) => i % 4 === 0
  const trial = learnStyles(examples.filter((example, i) => !held(example, i)))
  const right = examples.filter(held).map(({ style, features }) => trial(features) === style)
  return {
    overlap: (style, character) => {
      const known = overlaps.get(`${style} ${character}`)
      if (!known) throw new Error(`${folder} has no picture of ${character} in the style ${style}.`)
      return known.reduce((a, b) => a + b, 0) / known.length
    },
    nameStyle: learnStyles(examples),
    ceiling: right.filter(Boolean).length / right.length,
  }
}
