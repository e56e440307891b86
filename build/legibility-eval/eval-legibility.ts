/**
 * npm run eval:legibility: does the score say what other readers, and people, make of a picture? 440 pictures with fixed
 * seeds (plan.ts).
 *
 *   npm run eval:legibility -- --python PYTHON [--folder FOLDER] [--resume] [--json]
 *
 * PYTHON has requirements.txt. What is in FOLDER already (pictures, others.json) is taken from there. Printed are
 * Spearman's rank correlation of the score with
 *   others   the edit distance of what two other recognisers made of it (read_others.py), the best of each one's looks, as a
 *            share of the word, at most 1; mean of both; for all pictures and by kind
 *   eye      what a person made of 100 of them (by-eye.csv), and how often both are on the same side of one half
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { drawWord } from '../../core/glyph/draw.ts'
import { maskOf } from '../../core/glyph/mask.ts'
import { comparable, editDistance } from '../../core/legibility/edit-distance.ts'
import { judge } from '../../core/legibility/judge.ts'
import { legibility } from '../../core/legibility/legibility.ts'
import { rowsOf } from '../../core/legibility/lines.ts'
import { measureInk } from '../../core/legibility/outline.ts'
import { readPicture } from '../../core/pictures/door.ts'
import { spearman } from '../../core/raster/distortions.ts'
import { fileOf, makePictures } from './pictures.ts'
import { type PlannedPicture, planPictures } from './plan.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    folder: { type: 'string', default: join(tmpdir(), 'zihua-legibility') },
    resume: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const { python, folder } = values

interface Measured extends PlannedPicture {
  score: number | null
  read: string | null
  outline: number | null
  /** Of before the studio could read: agreement of outlines at one scale. */
  before: number
}

const distanceOf = (read: string, word: string): number => {
  const wanted = comparable(word)
  return Math.min(1, editDistance(comparable(read), wanted) / wanted.length)
}

async function othersOf(plan: readonly PlannedPicture[]): Promise<Record<string, string[]>> {
  const file = join(folder, 'others.json')
  if (!existsSync(file)) {
    const tasks = []
    for (const one of plan) {
      const glyph = await drawWord(one.word, DEFAULT_LAYOUT, one.width, one.height)
      const boxes = rowsOf(glyph.characters, measureInk(maskOf(glyph))!.box)
      tasks.push({
        id: one.id,
        file: fileOf(folder, one),
        boxes: boxes.map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)),
      })
    }
    const asked = join(folder, 'others-tasks.json')
    await writeFile(asked, JSON.stringify(tasks))
    await promisify(execFile)(python, [join(import.meta.dirname, 'read_others.py'), asked, file])
  }
  return JSON.parse(await readFile(file, 'utf8'))
}

/** Mean of the best looks of the two recognisers, which take turns in the list. */
const distanceOfBest = (looks: readonly string[], word: string): number => {
  const best = (which: 0 | 1) =>
    Math.min(...looks.filter((_, i) => i % 2 === which).map(look => distanceOf(look, word)))
  return (best(0) + best(1)) / 2
}

async function measure(one: PlannedPicture): Promise<Measured> {
  const picture = await readPicture(fileOf(folder, one))
  const { score, read, outline } = await judge(picture, { word: one.word, layout: DEFAULT_LAYOUT, mask: null })
  const mask = maskOf(await drawWord(one.word, DEFAULT_LAYOUT, one.width, one.height))
  return { ...one, score, read, outline, before: legibility(picture, mask).score }
}

/** 4: read at once, 3: with a little effort, 2: in part or with hesitation, 1: hardly guessed, 0: not read. */
async function byEye(): Promise<Map<string, number>> {
  const lines = (await readFile(join(import.meta.dirname, 'by-eye.csv'), 'utf8')).trim().split('\n').slice(1)
  return new Map(lines.map(line => [line.split(',')[0], Number(line.split(',')[1])]))
}

const plan = planPictures()
await makePictures(plan, folder, python)
const others = await othersOf(plan)
const file = join(folder, 'measured.json')
/** With --resume what an earlier run of the same code has measured. */
const known: Measured[] = values.resume && existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : []
const done = new Map(known.map(one => [one.id, one]))
const save = () => writeFile(file, JSON.stringify([...done.values()], null, 1))
for (const [i, one] of plan.filter(({ id }) => !done.has(id)).entries()) {
  done.set(one.id, await measure(one))
  if (i % 10 === 9) await save()
}
await save()
const measured = plan.map(({ id }) => done.get(id)!)
const distances = new Map(measured.map(({ id, word }) => [id, distanceOfBest(others[id], word)]))

const judged = measured.filter(({ score }) => score !== null)
const against = (of: readonly Measured[], what: (one: Measured) => number) =>
  spearman(
    of.map(what),
    of.map(({ id }) => -distances.get(id)!),
  )
const report: Record<string, number> = { pictures: measured.length, judged: judged.length }
const groups: Record<string, (one: Measured) => boolean> = {
  all: () => true,
  painter: ({ source }) => source === 'painter',
  draft: ({ source }) => source === 'draft',
  long: ({ word }) => [...word].length > 5,
  small: ({ width }) => width < 300,
}
for (const [name, inGroup] of Object.entries(groups)) {
  const group = judged.filter(inGroup)
  report[`others ${name} (${group.length})`] = against(group, ({ score }) => score!)
  report[`others ${name}, outline alone as before`] = against(group, ({ before }) => before)
}
const eye = existsSync(join(import.meta.dirname, 'by-eye.csv')) ? await byEye() : new Map<string, number>()
const seen = judged.filter(({ id }) => eye.has(id))
if (seen.length > 0) {
  const looked = seen.map(({ id }) => eye.get(id)!)
  report[`eye (${seen.length})`] = spearman(
    seen.map(({ score }) => score!),
    looked,
  )
  report['eye, outline alone as before'] = spearman(
    seen.map(({ before }) => before),
    looked,
  )
  const clear = seen.filter(({ id }) => eye.get(id) !== 2)
  const same = clear.filter(({ id, score }) => score! >= 0.5 === eye.get(id)! > 2).length
  report[`plain or gone by eye, on the same side of 0.5 (${clear.length})`] = same / clear.length
}
if (values.json) console.log(JSON.stringify(report))
else for (const [name, value] of Object.entries(report)) console.log(`${name}: ${Number(value.toFixed(3))}`)
