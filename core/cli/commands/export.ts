import { StudioError } from '../../faults/studio-error.ts'
import { Studio } from '../../generate/studio.ts'
import { readSet } from '../../sets/definition.ts'
import { makeSet } from '../../sets/make-set.ts'
import { mapsWith } from '../../sets/maps.ts'
import { verifySet } from '../../sets/verify.ts'
import { parse, UsageError } from './arguments.ts'

const OPTIONS = {
  out: { type: 'string' },
  verify: { type: 'string' },
  failed: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** zihua export SET.json|WORDS.csv --out DIR, or --verify DIR */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 0, max: 1 })
  if (values.verify !== undefined) return verify(values.verify, values.json ?? false)
  if (positionals.length === 0) throw new UsageError('give a set (JSON) or a list of words (CSV).')
  if (!values.out) throw new UsageError('say where the set goes with --out.')
  const { definition, base } = await readSet(positionals[0])

  await using studio = new Studio()
  const cancel = new AbortController()
  process.once('SIGINT', () => cancel.abort())
  const report = await makeSet(definition, values.out, {
    ...{ maker: studio.generator, base, maps: mapsWith(studio.drawing), signal: cancel.signal },
    only: values.failed ? 'failed' : 'all',
    onProgress: ({ done, total, files, timeLeft }) => {
      if (values.json || files.length === 0) return
      const left = timeLeft === null ? '' : `, about ${Math.ceil(timeLeft / 1000)} s left`
      console.error(`${done} of ${total}${left}`)
    },
  })
  for (const note of report.notes) console.error(`zihua: ${note}`)
  for (const { word, message, hint } of report.failures) console.error(`zihua: ${word}: ${message} ${hint}`)
  if (values.json) console.log(JSON.stringify(report))
  else
    console.log(
      `${report.folder}: ${report.made} made, ${report.reused} there already, ${report.failures.length} failed, of ${report.total}`,
    )
  if (!report.complete) {
    throw new StudioError(
      'internal',
      `The set is not complete: ${report.failures.length} of ${report.total} failed.`,
      'Run it again; --failed tries those alone.',
    )
  }
}

async function verify(folder: string, json: boolean): Promise<void> {
  const result = await verifySet(folder)
  if (json) console.log(JSON.stringify(result))
  else {
    console.log(`${folder}: ${result.files} files checked`)
    for (const file of result.missing) console.log(`missing  ${file}`)
    for (const file of result.changed) console.log(`changed  ${file}`)
    for (const file of result.extra) console.log(`extra    ${file}`)
  }
  if (!result.ok)
    throw new StudioError(
      'bad-request',
      `${folder} is not as its manifest says.`,
      'Run the export again: it makes what is missing.',
    )
}
