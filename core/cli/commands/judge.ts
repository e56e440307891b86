import { checkWord } from '../../glyph/text.ts'
import { isPngFile } from '../../image/png-text.ts'
import { judgeInWorker, type Subject } from '../../legibility/legibility-worker.ts'
import { readRecord } from '../../library/record.ts'
import { readPicture } from '../../pictures/door.ts'
import { parse } from './arguments.ts'

const OPTIONS = { word: { type: 'string' }, json: { type: 'boolean' } } as const

/** zihua judge PICTURE [--word W] [--json]: how well the word can be read in it, and why. */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 1, max: 1, missing: 'name the picture.' })
  const [file] = positionals
  const picture = await readPicture(file)
  const { score, read, outline, why } = await judgeInWorker(picture, await subjectOf(file, values.word))
  if (values.json) return console.log(JSON.stringify({ score, read, outline, why: why.message }))
  console.log(`${file}: ${score === null ? 'no score' : `${Math.round(score * 100)} %`}`)
  console.log(`  ${why.message}`)
  if (outline !== null) console.log(`  Outline agreement ${Math.round(outline * 100)} %`)
}

/** A picture of the studio knows its word, and where it was written; in any other it may stand anywhere. */
async function subjectOf(file: string, given: string | undefined): Promise<Subject> {
  const word = given === undefined ? null : checkWord(given)
  const own = (await isPngFile(file)) ? await recordOf(file, word !== null) : null
  if (own?.word && (word === null || word === own.word)) return { word: own.word, layout: own.layout, mask: null }
  return { word, layout: null, mask: null }
}

/** @param mayFail a record that is damaged is not needed where the word is given */
async function recordOf(file: string, mayFail: boolean) {
  try {
    return (await readRecord(file))?.request ?? null
  } catch (error) {
    if (mayFail) return null
    throw error
  }
}
