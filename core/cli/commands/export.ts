import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { SAMENESS } from '../../contract/vocabulary.ts'
import { type FarmSetOptions, makeFarmSet } from '../../farm/farm-set.ts'
import { openHashes } from '../../farm/hash-cache.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import { Studio } from '../../generate/studio.ts'
import { stopSignal } from '../../server/told-to-stop.ts'
import { isList, nameOfList, parseSet, readSet, type SetDefinition } from '../../sets/definition.ts'
import { dryRun } from '../../sets/dry-run.ts'
import type { SetOptions } from '../../sets/make-pictures.ts'
import { makeSet, type SetReport } from '../../sets/make-set.ts'
import { mapsWith } from '../../sets/maps.ts'
import { verifySet } from '../../sets/verify.ts'
import { insistOnEncoding, type ListFileOptions, readWordsFile, wordsOf } from '../../sets/word-list.ts'
import { checkFolder } from '../check-place.ts'
import { oneLine, plain } from '../plain.ts'
import { LIST_OPTIONS, listOptions, oneOf, parse, UsageError } from './arguments.ts'
import { addressOf, FARM_OPTIONS } from './farm-address.ts'
import { followMachineSettings } from './machine-settings.ts'

const OPTIONS = {
  out: { type: 'string' },
  verify: { type: 'string' },
  failed: { type: 'boolean' },
  overwrite: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  same: { type: 'string' },
  'share-models': { type: 'boolean' },
  ...FARM_OPTIONS,
  json: { type: 'boolean' },
  ...LIST_OPTIONS,
} as const

/** zihua export SET.json|LIST --out DIR [--farm URL], or --dry-run, or --verify DIR */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 0, max: 1 })
  if (values.verify !== undefined) return verify(values.verify, values.json ?? false)
  if (positionals.length === 0) throw new UsageError('give a set (JSON) or a list of words (CSV, .xlsx, .apkg).')
  if (values['dry-run']) return rehearse(positionals[0], listOptions(values), values.json ?? false)
  if (!values.out) throw new UsageError('say where the set goes with --out.')
  const { definition, base, notes } = await readSet(positionals[0], listOptions(values))
  for (const { line, message } of notes) console.error(`zihua: ${at(line)}${message}`)
  await checkFolder(values.out)

  const signal = stopSignal()
  await using studio = new Studio()
  await followMachineSettings(studio)
  const how: Omit<SetOptions, 'maker'> = {
    ...{ base, maps: mapsWith(studio.drawing), signal },
    only: values.failed ? 'failed' : 'all',
    overwrite: values.overwrite ?? false,
    onProgress: ({ done, total, files, timeLeft }) => {
      if (values.json || files.length === 0) return
      const left = timeLeft === null ? '' : `, about ${Math.ceil(timeLeft / 1000)} s left`
      console.error(`${done} of ${total}${left}`)
    },
  }
  const same = oneOf('same', values.same, SAMENESS)
  const report =
    values.farm === undefined
      ? await makeSet(definition, values.out, { ...how, maker: studio.generator })
      : await onFarm(studio, definition, values.out, {
          ...how,
          address: addressOf(values.farm, values),
          shares: values['share-models'] ?? false,
          ...(same && { same }),
        })
  for (const note of report.notes) console.error(`zihua: ${note}`)
  for (const { word, message, hint } of report.failures) console.error(`zihua: ${word}: ${message} ${hint}`)
  if (values.json) console.log(JSON.stringify(report))
  else
    console.log(
      `${report.folder}: ${report.made} made, ${report.reused} there already, ${report.failures.length} failed, of ${report.total}`,
    )
  if (!report.complete) {
    throw fault('setIncomplete', { failures: report.failures.length, total: report.total })
  }
}

type FarmHow = Omit<FarmSetOptions, 'generator' | 'made' | 'hashes'>

/** The pictures are painted by the workers of a farm; folder, manifest and journal are written here. */
async function onFarm(studio: Studio, definition: SetDefinition, out: string, how: FarmHow): Promise<SetReport> {
  const { hashes, database } = openHashes(studio.dataFolder)
  const { generator, inference, modelsFolder } = studio
  const say = ({ message, hint }: ErrorReport) => console.error(oneLine(`zihua: ${message} ${hint}`))
  try {
    await inference.settle()
    const here = { generator, made: inference.made, hashes, modelsFolder }
    return await makeFarmSet(definition, out, { ...how, ...here, onProblem: say })
  } finally {
    database.close()
  }
}

const at = (line: number): string => (line > 0 ? `line ${line}: ` : '')

/** Prints what would be made; what is wrong with a line is told and stops nothing. */
async function rehearse(file: string, options: ListFileOptions, json: boolean): Promise<void> {
  await using studio = new Studio()
  const { definition, base, lines, problems, notes, reading } = await readRehearsal(file, options)
  const styles = new Set((await studio.styles.list()).styles.map(({ style }) => style.id))
  const run = definition
    ? await dryRun(definition, {
        ...{ base, styles, lines, knowledge: { glossary: studio.glossary } },
        complete: studio.generator.complete.bind(studio.generator),
        style: id => studio.styles.get(id),
      })
    : { set: file, pictures: 0, words: [], problems: [], notes: [] }
  const all = {
    ...run,
    problems: [...problems, ...run.problems].toSorted((a, b) => a.line - b.line),
    notes: [...notes, ...run.notes],
    ...(reading && { list: reading }),
  }
  if (json) return console.log(JSON.stringify(all))
  for (const { line, word, reading, meaning, prompt, fonts, files } of all.words) {
    console.log(plain(`${at(line ?? 0)}${word}  ${[reading, meaning].filter(Boolean).join('  ')}`))
    console.log(plain(`  ${prompt ?? ''}`))
    console.log(plain(`  ${fonts.join(', ')}  →  ${files.join(', ')}`))
  }
  for (const { line, message } of all.notes) console.error(plain(`zihua: ${at(line)}${message}`))
  for (const { line, message } of all.problems) console.error(plain(`zihua: ${at(line)}${message}`))
  console.log(
    `${all.pictures} pictures of ${all.words.length} words; ${all.problems.length} problems; nothing was painted`,
  )
}

/** The set with as many of its words as can be read. */
async function readRehearsal(file: string, options: ListFileOptions) {
  const base = dirname(resolve(file))
  if (!isList(file)) {
    const { definition, notes } = await readSet(file, options)
    return { definition, base, notes, lines: [], problems: [], reading: null }
  }
  const bytes = await readFile(file).catch(cause => {
    throw fault('listUnreadable', { file, reason: reasonOf(cause) }, { cause })
  })
  const list = await readWordsFile(bytes, file, options)
  const { entries, problems, notes, reading } = list
  insistOnEncoding(reading, file)
  // A list without any words is none for an export either; of one with lines that are wrong, each is told.
  const wrong = problems.some(({ key }) => key !== 'noWords')
  const words = wrong ? entries.map(({ word }) => word) : wordsOf(list, file)
  const definition = words.length > 0 ? parseSet({ name: nameOfList(file), words }, file) : null
  return { definition, base, notes, lines: entries.map(({ line }) => line), problems, reading }
}

async function verify(folder: string, json: boolean): Promise<void> {
  const result = await verifySet(folder)
  if (json) console.log(JSON.stringify(result))
  else {
    console.log(`${folder}: ${result.files} files checked`)
    for (const file of result.missing) console.log(`missing  ${file}`)
    for (const file of result.changed) console.log(`changed  ${file}`)
    for (const file of result.extra) console.log(`extra    ${file}`)
    for (const { word, message } of result.failures) console.log(plain(`failed   ${word}: ${message}`))
  }
  if (result.ok) return
  const failures = result.failures.length
  const whole = result.missing.length === 0 && result.changed.length === 0
  throw whole && failures > 0 ? fault('setHasFailures', { folder, failures }) : fault('setChanged', { folder })
}
