/** What a set would make, word by word, without painting: for someone who checks a list before it takes a night. */

import { yieldEvery } from '../channel/yield.ts'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { phrase } from '../faults/fault.ts'
import { facesFor } from '../glyph/font-door.ts'
import type { PictureMaker } from '../library/maker.ts'
import { explainWord, type WordExplanation } from '../prompt/explain.ts'
import { type Knowledge, PromptBuilder, type PromptStyle } from '../prompt/prompt-builder.ts'
import type { LineNote } from '../tables/delimited.ts'
import type { SetDefinition } from './definition.ts'
import { planSet } from './plan.ts'
import type { SetWord } from './set-word.ts'
import { flawOf } from './word-list.ts'

export interface DryPicture {
  index: number
  style: string
  seed: number
  prompt: string
  negativePrompt: string | null
  files: string[]
}

export interface DryWord extends Pick<WordExplanation, 'reading' | 'meaning' | 'source' | 'message'> {
  /** In its list; null: of a set's description. */
  line: number | null
  word: string
  /** Of its first picture. */
  prompt: string | null
  /** Names of the fonts that draw it. */
  fonts: string[]
  /** Of all its pictures. */
  files: string[]
  pictures: DryPicture[]
}

export interface DryRun {
  set: string
  pictures: number
  words: DryWord[]
  /** Lines that give no picture, and why; line 0 is the list or the set as a whole. */
  problems: LineNote[]
  /** What else is worth knowing: what was left aside in the list, names that had to be changed. */
  notes: LineNote[]
}

export interface DryRunOptions {
  base: string
  complete: PictureMaker['complete']
  style: (id: string) => Promise<PromptStyle>
  styles: ReadonlySet<string>
  knowledge: Knowledge
  /** Lines of the words, where they come from a list. */
  lines?: readonly number[]
}

/** @param definition with the words of the list that can be read */
export async function dryRun(definition: SetDefinition, options: DryRunOptions): Promise<DryRun> {
  const { base, complete, style, styles, knowledge, lines } = options
  const plan = await planSet(definition, { base, complete })
  const entries = definition.words.map(asWord)
  // Told of the words that name them, and not once more of the set.
  const ofWords = new Set(entries.flatMap(({ style: own }) => (own === undefined || styles.has(own) ? [] : [own])))
  const ofSet = [...definition.styles, definition.request.style]
  const problems: LineNote[] = plan.problems
    .filter(({ key, values }) => {
      const id = String(values?.['id'])
      return key !== 'noSuchStyle' || ofSet.includes(id) || !ofWords.has(id)
    })
    .map(({ message, key, values }) => ({ line: 0, message, key, values }))
  const words: DryWord[] = []
  const drawable = new Set<string>()
  const byEntry = Map.groupBy(plan.pictures, ({ entry }) => entry)
  for (const [entry, { word, translation, pinyin, style: own }] of entries.entries()) {
    await yieldEvery(entry, undefined)
    const line = lines?.[entry] ?? null
    const { layout = {} } = definition.request
    const { font = DEFAULT_LAYOUT.font, weight = DEFAULT_LAYOUT.weight, fallback = false } = layout
    const flaw = await flawOf({ word, ...(own !== undefined && { style: own }) }, styles, { font, fallback }, drawable)
    if (flaw) {
      problems.push({ line: line ?? 0, ...(line === null ? phrase('ofWord', { word, problem: flaw }) : flaw) })
      continue
    }
    const faces = await facesFor(word, { font, weight, fallback })
    const pictures: DryPicture[] = []
    for (const { index, about, input, files } of byEntry.get(entry) ?? []) {
      // A style that is not there is among the plan's problems.
      const found = await style(about.style).catch(() => null)
      if (!found) continue
      const { prompt, negativePrompt } = await new PromptBuilder(found, {}, knowledge).build(input)
      pictures.push({
        index,
        style: about.style,
        seed: about.seed,
        prompt,
        negativePrompt,
        files: files.map(({ name }) => name),
      })
    }
    const { reading, meaning, source, message } = await explainWord(word, knowledge)
    words.push({
      ...{ line, word, reading: pinyin ?? reading },
      ...(translation ? { meaning: translation, source: 'given', message: null } : { meaning, source, message }),
      prompt: pictures[0]?.prompt ?? null,
      fonts: [...new Set([...faces.values()].map(({ name }) => name))],
      files: pictures.flatMap(({ files }) => files),
      pictures,
    })
  }
  const notes = plan.notes.map(note => ({ line: 0, ...note }))
  return { set: definition.name, pictures: plan.pictures.length, words, problems, notes }
}

const asWord = (entry: SetDefinition['words'][number]) => ({ translation: null, style: undefined, ...entry }) as SetWord
