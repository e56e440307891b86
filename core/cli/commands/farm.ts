import { join } from 'node:path'
import { connectFarm, type FarmAddress } from '../../farm/connection.ts'
import { keepServer } from '../../farm/keep-server.ts'
import { farmToken } from '../../farm/server.ts'
import { fetchServer, findServer } from '../../farm/server-binary.ts'
import { FarmStore } from '../../farm/store.ts'
import { type FarmStatus, order, readStatus } from '../../farm/view.ts'
import { fault } from '../../faults/fault.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { toldToStop } from '../../server/told-to-stop.ts'
import { plain } from '../plain.ts'
import { number, parse, UsageError } from './arguments.ts'
import { addressOf, FARM_OPTIONS } from './farm-address.ts'

const OPTIONS = {
  ...FARM_OPTIONS,
  server: { type: 'string' },
  listen: { type: 'string' },
  fetch: { type: 'boolean' },
  'max-gb': { type: 'string' },
  'user-key': { type: 'string' },
  json: { type: 'boolean' },
} as const

const DEFAULT_LISTEN = '127.0.0.1:4222'

/**
 * zihua farm [--listen ADDRESS[:PORT]] [--fetch] | --server URL; zihua farm status|pause NAME|resume NAME|drain NAME: a server for
 * many machines, what they are doing, and what they are to do.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 0, max: 2 })
  const [action = 'start', worker] = positionals
  const json = values.json ?? false
  if (action === 'start') {
    if (values.server !== undefined) return check(addressOf(values.server, values), json)
    return serve(values, json)
  }
  const address = addressOf(values.farm ?? values.server ?? `nats://${DEFAULT_LISTEN}`, await ownToken(values))
  if (action === 'status' && !worker) return status(address, json)
  if ((action === 'pause' || action === 'resume' || action === 'drain') && worker) {
    return withFarm(address, async store => {
      const told = await order(store, worker, action === 'resume' ? 'run' : action)
      if (json) console.log(JSON.stringify({ worker: told.id, name: told.name, order: action }))
      else console.log(`${told.name} (${told.id}): ${action}`)
    })
  }
  throw new UsageError('say nothing, status, pause NAME, resume NAME or drain NAME.')
}

type Values = ReturnType<typeof parse<typeof OPTIONS>>['values']

/** On the machine of the server itself the token need not be typed. */
async function ownToken(values: Values): Promise<Values> {
  if (values.token ?? values.nkey ?? values.farm ?? values.server ?? process.env['ZIHUA_FARM_TOKEN']) return values
  return { ...values, token: await farmToken(join(dataFolder(), 'farm')) }
}

async function serve(values: Values, json: boolean): Promise<void> {
  const folder = join(dataFolder(), 'farm')
  const { host, port } = listenAddress(values.listen ?? DEFAULT_LISTEN)
  const found = await findServer(dataFolder())
  const program = found ?? (values.fetch ? await fetchServer(dataFolder()) : null)
  if (!program) throw fault('farmServerMissing')
  const gigabytes = number('max-gb', values['max-gb'])
  const { cert, key, ca } = values
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key go together.')
  const nkey = values['user-key']
  const token =
    nkey === undefined ? (values.token ?? process.env['ZIHUA_FARM_TOKEN'] ?? (await farmToken(folder))) : undefined
  // From here on a server may run, which ends in order with this process.
  const told = toldToStop()
  const server = await keepServer({
    ...{ program, folder, host, port, token, nkey, cert, key, ca },
    ...(gigabytes !== undefined && { maxBytes: Math.round(gigabytes * 1e9) }),
  })
  const shown = token === undefined ? server.url : server.url.replace('://', `://${encodeURIComponent(token)}@`)
  if (json) console.log(JSON.stringify({ url: server.url, ...(token !== undefined && { token }), pid: server.pid }))
  else {
    console.log(`The farm's server: ${server.url}`)
    console.log(`On each machine that is to paint:  zihua worker --farm ${shown}`)
    console.log(`For a set:                         zihua export SET.json --out DIR --farm ${shown}`)
  }
  const why = await Promise.race([told, server.ended.then(() => 'ended' as const)])
  if (why === 'ended') throw fault('farmServerFailed', { reason: 'it ended' })
  await server.stop()
}

function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text)
  const port = Number(match?.[3] ?? 4222)
  if (!match || port < 1 || port > 65535) throw new UsageError('--listen takes ADDRESS or ADDRESS:PORT.')
  return { host: match[1] ?? match[2]!, port }
}

/** A server that the user runs: whether it can be a farm's. */
async function check(address: FarmAddress, json: boolean): Promise<void> {
  await withFarm(address, async store => {
    const { url, nc } = store.connection
    if (json) console.log(JSON.stringify({ url, version: nc.info?.version ?? null }))
    else console.log(`${url} (nats-server ${nc.info?.version ?? '?'}) can be a farm.`)
  })
}

async function status(address: FarmAddress, json: boolean): Promise<void> {
  await withFarm(address, async store => {
    const found = await readStatus(store)
    if (json) console.log(JSON.stringify(found))
    else for (const line of linesOf(found)) console.log(plain(line))
  })
}

function* linesOf({ url, workers, sets, picturesAnHour, timeLeft }: FarmStatus): Generator<string> {
  const speed = picturesAnHour === null ? '' : `, ${Math.round(picturesAnHour)} pictures an hour`
  const left = timeLeft === null ? '' : `, about ${Math.ceil(timeLeft / 60_000)} min left`
  yield `${url}: ${workers.length} workers${speed}${left}`
  for (const { name, id, state, made, lanes, doing, done, failed, rate, problems } of workers) {
    const hourly = rate === null ? '' : `, ${Math.round(rate)} an hour`
    yield `${name} (${id})  ${state}  ${made.provider}, ${made.device}, ${lanes} at once  ${done} done, ${failed} failed${hourly}`
    for (const { word, step, steps } of doing) yield `  ${word || '–'}: step ${step} of ${steps}`
    for (const { message, hint } of problems) yield `  ${message} ${hint}`
  }
  for (const { name, producer, total, done, failed, handedOut, notes, failures } of sets) {
    yield `Set "${name}" of ${producer}: ${done} of ${total} done, ${failed} failed, ${handedOut} handed out`
    for (const { message, hint } of notes) yield `  ${message} ${hint}`
    for (const { word, message } of failures) yield `  ${word}: ${message}`
  }
}

async function withFarm(address: FarmAddress, body: (store: FarmStore) => Promise<void>): Promise<void> {
  const connection = await connectFarm(address, 'zihua farm')
  try {
    const store = new FarmStore(connection)
    await store.ensure()
    await body(store)
  } finally {
    await connection.nc.close()
  }
}
