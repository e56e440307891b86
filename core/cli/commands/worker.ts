import { PROFILE_NAMES, PROVIDER_NAMES } from '../../contract/vocabulary.ts'
import { openWorker } from '../../farm/open-worker.ts'
import type { WorkerEvent } from '../../farm/worker.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { onStop } from '../../server/told-to-stop.ts'
import { oneLine } from '../plain.ts'
import { oneOf, parse, UsageError } from './arguments.ts'
import { addressOf, FARM_OPTIONS } from './farm-address.ts'
import { followMachineSettings } from './machine-settings.ts'

const OPTIONS = {
  ...FARM_OPTIONS,
  name: { type: 'string' },
  models: { type: 'string', multiple: true },
  'fetch-models': { type: 'boolean' },
  profile: { type: 'string' },
  provider: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** After the first signal what is being painted may be finished within this time; then it is given back. */
const FINISH_MS = 30_000

/**
 * zihua worker --farm URL [--models FOLDER]… [--fetch-models] [--provider P] [--profile P] [--name N]: paints what a farm has to
 * paint, until Ctrl+C or SIGTERM, which finishes what is under way or gives it back; twice: gives it back at once.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, OPTIONS, { min: 0, max: 0 })
  if (values.farm === undefined) throw new UsageError('say where the farm is with --farm.')
  const json = values.json ?? false
  const provider = oneOf('provider', values.provider, PROVIDER_NAMES)
  const profile = oneOf('profile', values.profile, PROFILE_NAMES)
  await using opened = await openWorker({
    ...{ address: addressOf(values.farm, values), dataFolder: dataFolder(), name: values.name?.slice(0, 120) },
    folders: values.models ?? [],
    settings: studio => followMachineSettings(studio, { provider, profile }),
    fetchModels: values['fetch-models'] ?? false,
    onEvent: event => tell(event, json),
    onFetch: (name, bytes, total) => {
      if (!json) console.error(`${name}: ${Math.round(bytes / 1e6)} of ${Math.round(total / 1e6)} MB`)
    },
  })
  const { worker } = opened
  const giveBack = () => worker.stop()
  onStop(() => {
    worker.drain()
    setTimeout(giveBack, FINISH_MS).unref()
  }, giveBack)
  const { id, name, made, lanes } = worker.state
  if (!json) {
    const here = `${made.provider}, ${made.device}, ${lanes} at once`
    console.error(`${name} (${id}) has joined ${withoutToken(values.farm)}: ${here}`)
  }
  await worker.run()
  const { done, failed } = worker.state
  if (json) console.log(JSON.stringify({ id, name, done, failed }))
  else console.log(`${done} pictures painted, ${failed} failed`)
}

/** With --json the only line of stdout is the one at the end. */
function tell(event: WorkerEvent, json: boolean): void {
  if (event.kind === 'problem') console.error(oneLine(`zihua: ${event.problem.message} ${event.problem.hint}`))
  else if (event.kind === 'joined') console.error(oneLine(`zihua: paints for the set "${event.set}"`))
  else if (event.kind === 'ordered') console.error(`zihua: told to ${event.order}`)
  else if (event.kind === 'began' && !json) console.error(oneLine(`zihua: ${event.task.request.word ?? 'a picture'} …`))
}

/** "nats://token@machine:4222" without the token, which no log may keep. */
function withoutToken(farm: string): string {
  const at = farm.lastIndexOf('@')
  return at < 0 ? farm : `${farm.slice(0, farm.indexOf('//') + 2)}${farm.slice(at + 1)}`
}
