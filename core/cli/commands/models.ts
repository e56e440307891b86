import { join } from 'node:path'
import { AI_MODELS, type AiModelId, defaultModelsFolder } from '../../conditioning/ai/ai-models.ts'
import { fault } from '../../faults/fault.ts'
import type { StudioError } from '../../faults/studio-error.ts'
import { inspectWeights } from '../../machine/inspect-weights.ts'
import { clearWidened, widenedCopies, widenedFolder } from '../../weights/widen.ts'
import { parse, UsageError } from './arguments.ts'

/** zihua models list | add PATH | remove ID | download ID | inspect FILE | widened [--clear] */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(
    args,
    { json: { type: 'boolean' }, clear: { type: 'boolean' } },
    { min: 1, max: 2 },
  )
  const [action, subject] = positionals
  if (action === 'inspect' && subject) return inspect(subject, values.json ?? false)
  if (action === 'widened') return widened(values.clear ?? false, values.json ?? false)
  // Loaded only now: a header is looked at without it in half the time.
  const { Studio } = await import('../../generate/studio.ts')
  await using studio = new Studio()
  if (action === 'list') {
    const models = await studio.registry.list()
    if (values.json) return print({ models })
    for (const { id, path, present } of models) console.log(`${id.padEnd(24)} ${present ? path : `${path} (missing)`}`)
  } else if (action === 'add' && subject) {
    // Opened before it is remembered: a folder that is no model is an error now, not at the first picture.
    const model = await studio.addModel(subject)
    if (values.json) return print({ model })
    console.log(`${model.id}: ${model.path}`)
  } else if (action === 'remove' && subject) {
    await studio.registry.remove(subject)
    if (values.json) return print({ removed: subject })
    console.log(`${subject} is forgotten; its files stay where they are.`)
  } else if (action === 'download' && subject) {
    throw notYet(subject)
  } else {
    throw new UsageError('say list, add PATH, remove ID, inspect FILE or widened.')
  }
}

/** Downloads come with their own checks of size and hash; until then a user is told what to put where. */
function notYet(id: string): StudioError {
  if (!Object.hasOwn(AI_MODELS, id)) {
    return fault('downloadUnknown', { id, known: Object.keys(AI_MODELS).join(', ') })
  }
  const { name, files } = AI_MODELS[id as AiModelId]
  const places = files.map(file => join(defaultModelsFolder(), id, file))
  return fault('downloadByHand', { name, places: places.join(' and ') })
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
  for (const line of lines) console.log(line.replace(/\p{Cc}+/gu, ' '))
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
  for (const { of, bytes } of copies) console.log(`${Math.ceil(bytes / 1e6)} MB  ${of}`.replace(/\p{Cc}+/gu, ' '))
  console.log(clear ? `${copies.length} removed.` : `${copies.length} in ${widenedFolder()}`)
}

function print(value: unknown): void {
  console.log(JSON.stringify(value))
}
