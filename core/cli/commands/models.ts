import { fault } from '../../faults/fault.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { inspectWeights } from '../../machine/inspect-weights.ts'
import { clearWidened, widenedCopies, widenedFolder } from '../../weights/widen.ts'
import { plain } from '../plain.ts'
import { oneOf, parse, UsageError } from './arguments.ts'

const MISSING =
  'say list, add PATH, download ID, verify ID, remove ID, inspect FILE, scan, token TOKEN, runtime [FOLDER], unload or widened.'
/** Beside these nothing stands: a word there is another wish, which must not look as if it were done. */
const ALONE = ['list', 'unload', 'widened']

/** zihua models list | add PATH | download ID|--manifest FILE | verify ID | remove ID | inspect FILE | scan | token | runtime | unload | widened */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(
    args,
    {
      json: { type: 'boolean' },
      clear: { type: 'boolean' },
      manifest: { type: 'string' },
      add: { type: 'boolean' },
      as: { type: 'string' },
      mirror: { type: 'string' },
    },
    { min: 1, max: 2, missing: MISSING },
  )
  const [action, subject] = positionals
  const json = values.json ?? false
  if (subject !== undefined && ALONE.includes(action)) throw new UsageError(MISSING)
  if (action === 'inspect' && subject) return inspect(subject, json)
  if (action === 'widened') return widened(values.clear ?? false, json)
  if (action === 'download' && (subject ?? values.manifest))
    return (await import('./models/download.ts')).download(subject, values.manifest, json)
  if (action === 'scan') return (await import('./models/scan.ts')).scan(subject, values.add ?? false, json)
  if (action === 'runtime') return (await import('./models/runtime.ts')).runtime(subject, values.clear ?? false, json)
  if (action === 'token') return (await import('./models/token.ts')).token(subject, values, json)
  if (action === 'unload') return unload(json)
  const { ModelRegistry } = await import('../../machine/registry.ts')
  const { ModelStore } = await import('../../machine/model-store.ts')
  const registry = new ModelRegistry(dataFolder())
  const store = new ModelStore(dataFolder(), registry)
  if (action === 'list') {
    await (await import('./models/list.ts')).list(store, registry, json)
  } else if (action === 'add' && subject) {
    // Opened before it is remembered: a folder that is no model is an error now, not at the first picture.
    const model = await store.add(subject, oneOf('as', values.as, ['controlnet', 'vae'] as const))
    if (json) return print({ model })
    console.log(`${model.id}: ${model.path}`)
  } else if (action === 'verify' && subject) {
    const { files } = await store.verify(subject)
    if (json) return print({ id: subject, verified: true, files })
    console.log(`${subject}: ${files.length} files are as they were published.`)
  } else if (action === 'remove' && subject) {
    const known = (await registry.all()).find(({ id }) => id === subject)
    if (known?.builtIn) throw fault('modelStays', { model: subject })
    const { deleted } = await store.remove(subject)
    if (json) return print({ removed: subject, deleted })
    console.log(
      deleted ? `${subject} and its files are deleted.` : `${subject} is forgotten; its files stay where they are.`,
    )
  } else {
    throw new UsageError(MISSING)
  }
}

/** Has the studio that is open give its networks back, after the picture that is being made. */
async function unload(json: boolean): Promise<void> {
  await (await import('../../server/open-studio.ts')).callOpenStudio(dataFolder(), 'machine/release')
  if (json) return print({ unloaded: true })
  console.log('The open studio has given its networks back; the next picture loads them again.')
}

async function inspect(file: string, json: boolean): Promise<void> {
  const found = await inspectWeights(file)
  if (json) return print({ ...found, description: found.description.message })
  const lines = [
    `${file} is ${found.description.message}.`,
    ...(found.hint ? [found.hint] : []),
    ...(found.tensors > 0 ? [`${found.tensors} tensors: ${listed(found.dtypes)}`] : []),
    ...(found.missing.length > 0 ? [`missing: ${found.missing.join(', ')}`] : []),
    ...(found.misshapen.length > 0 ? [`of another shape: ${found.misshapen.join(', ')}`] : []),
    ...Object.entries(found.leftOver).map(([kind, names]) => `left over (${kind}): ${names.join(', ')}`),
    ...(found.widening > 0 ? [`A 16-bit copy of ${Math.ceil(found.widening / 1e6)} MB is made at first use.`] : []),
    ...(found.advice ? [`${found.advice.training}: suggested ${JSON.stringify(found.advice.suggested)}`] : []),
  ]
  for (const line of lines) console.log(plain(line))
}

const listed = (counts: object): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

/** The copies of quantised files, each made again when it is needed. */
async function widened(clear: boolean, json: boolean): Promise<void> {
  const copies = await widenedCopies()
  if (clear) await clearWidened()
  if (json) return print({ folder: widenedFolder(), copies, cleared: clear })
  for (const { of, bytes } of copies) console.log(plain(`${Math.ceil(bytes / 1e6)} MB  ${of}`))
  console.log(clear ? `${copies.length} removed.` : `${copies.length} in ${widenedFolder()}`)
}

function print(value: unknown): void {
  console.log(JSON.stringify(value))
}
