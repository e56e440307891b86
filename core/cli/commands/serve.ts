import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StudioError } from '../../faults/studio-error.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { openBrowserHost } from '../../server/browser-host.ts'
import { isLoopback } from '../../server/gate.ts'
import { openInvitation } from '../../server/invitation.ts'
import { ensureRenderer } from '../../server/renderer-build.ts'
import { toldToStop } from '../../server/told-to-stop.ts'
import { number, parse, UsageError } from './arguments.ts'

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  token: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  files: { type: 'string' },
  queue: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** A stop in order takes a few seconds; after so many the process ends all the same. */
const LONGEST_STOP_MS = 9000

/**
 * zihua serve [--port 8600] [--host 127.0.0.1] [--token T] [--allow-host NAME[:PORT]]… [--files FOLDER] [--queue 64]: the
 * studio for a browser, and the Writing Service for programs, until Ctrl+C or SIGTERM. Where a studio is open on the data
 * folder, its page is opened in place of another one.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, OPTIONS, { min: 0, max: 0 })
  const port = number('port', values.port)
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65535))
    throw new UsageError('--port takes 0 to 65535.')
  const queue = number('queue', values.queue)
  if (queue !== undefined && (!Number.isInteger(queue) || queue < 1)) throw new UsageError('--queue takes 1 or more.')
  const allowedHosts = values['allow-host'] ?? []
  for (const host of allowedHosts) checkHost(host)
  const files = values.files === undefined ? null : await folder(values.files)
  const address = values.host ?? '127.0.0.1'
  const token = tokenFor(address, values.token ?? process.env['ZIHUA_TOKEN'])
  await ensureRenderer()
  const { served, close } = await openBrowserHost({
    ...{ address, token: token.text, allowedHosts },
    ...(port !== undefined && { port }),
    service: { files, ...(queue !== undefined && { limits: { queue } }) },
    logToTerminal: true,
  }).catch((error: unknown) => {
    // The page of the host that is open already; its options may be others, so this is a failure all the same.
    if (error instanceof StudioError && error.key === 'studioOpen') openInvitation(dataFolder())
    throw error
  })
  // Told of what is served; where it cannot listen, that alone is said.
  if (!isLoopback(address))
    console.error(
      `zihua: every machine that reaches ${address} can reach the studio. Give the address and the token to nobody else, and put a proxy that speaks TLS in front of it where the network is not your own.`,
    )
  const url = served.invite()
  // From the line that says where it is served, a supervisor may stop it in order.
  const told = toldToStop()
  if (values.json) console.log(JSON.stringify({ url, port: served.port, ...(token.made && { token: token.text }) }))
  else {
    console.log(`Zihua Studio: ${url}`)
    console.log(`Writing Service: ${served.origin}/docs`)
    if (token.made) console.log(`Programs need this token: ${token.text}`)
  }
  await told
  setTimeout(() => process.exit(0), LONGEST_STOP_MS).unref()
  await close()
}

/** Every address but this machine's own demands a token; where none is named, one is made for this start. */
function tokenFor(address: string, given: string | undefined): { text: string | null; made: boolean } {
  if (given !== undefined) {
    if (given.length < 8) throw new UsageError('--token takes 8 characters or more.')
    return { text: given, made: false }
  }
  return isLoopback(address) ? { text: null, made: false } : { text: randomBytes(32).toString('base64url'), made: true }
}

/** What never is in a header "Host" would be allowed in vain. */
function checkHost(host: string): void {
  const name = host.toLowerCase()
  const read = name.includes('*') ? undefined : URL.parse(`http://${name}`)?.host
  if (read !== name && `${read}:80` !== name)
    throw new UsageError(`--allow-host takes a name such as studio.example or localhost:9000, not "${host}".`)
}

async function folder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) throw new UsageError(`--files takes a folder, and ${path} is none.`)
  return resolve(path)
}
