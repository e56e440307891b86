import { join } from 'node:path'
import { AI_MODELS, type AiModelId, defaultModelsFolder } from '../../conditioning/ai/ai-models.ts'
import { fault } from '../../faults/fault.ts'
import type { StudioError } from '../../faults/studio-error.ts'
import { Studio } from '../../generate/studio.ts'
import { parse, UsageError } from './arguments.ts'

/** zihua models list | add PATH | remove ID | download ID */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } }, { min: 1, max: 2 })
  const [action, subject] = positionals
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
    throw new UsageError('say list, add PATH or remove ID.')
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

function print(value: unknown): void {
  console.log(JSON.stringify(value))
}
