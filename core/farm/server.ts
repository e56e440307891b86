/** Runs a farm's server: nats-server with JetStream on one address, every message flushed before it is acknowledged. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readFile } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fault } from '../faults/fault.ts'
import { makeFolder, writeDurably } from '../files/durable.ts'

export interface ServerOptions {
  /** nats-server. */
  program: string
  /** Where messages and pictures are kept. */
  folder: string
  /** One address of this machine. */
  host: string
  port: number
  /** What lets one in: a token, or the public key of an NKEY ("U…"). */
  token?: string | undefined
  nkey?: string | undefined
  /** PEM files. */
  cert?: string | undefined
  key?: string | undefined
  /** With it, whoever connects needs a certificate that it signed. */
  ca?: string | undefined
  /** Bytes on the disk, at most. */
  maxBytes?: number | undefined
}

export interface RunningServer {
  readonly process: ChildProcess
  /** nats:// or tls://, without the token. */
  readonly url: string
  /** It has found its disk full. */
  readonly outOfRoom: boolean
}

const START_MS = 15_000
const LOG_TAIL = 400
/** What the log says of a write that found no room. */
const FULL = /no space left on device|critical write error/i

/** A quoted string of nats-server's configuration. */
const quoted = (text: string) => JSON.stringify(text)

/**
 * sync_interval always: the default flushes every two minutes, and a power cut would lose messages that were acknowledged
 * (Jepsen's report on NATS 2.12.1; nats-server#7564).
 */
export function serverConfig({ folder, host, port, token, nkey, cert, key, ca, maxBytes }: ServerOptions): string {
  const users = nkey ? `users: [ { nkey: ${quoted(nkey)} } ]` : token ? `token: ${quoted(token)}` : null
  const tls = cert && key ? [`cert_file: ${quoted(resolve(cert))}`, `key_file: ${quoted(resolve(key))}`] : []
  if (tls.length > 0 && ca) tls.push(`ca_file: ${quoted(resolve(ca))}`, 'verify: true')
  return `${[
    `listen: ${quoted(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)}`,
    'server_name: zihua-farm',
    'max_payload: 8MB',
    'jetstream {',
    `  store_dir: ${quoted(join(folder, 'jetstream'))}`,
    '  sync_interval: always',
    ...(maxBytes ? [`  max_file_store: ${maxBytes}`] : []),
    '}',
    ...(users ? [`authorization { ${users} }`] : []),
    ...(tls.length > 0 ? [`tls { ${tls.join('\n  ')} }`] : []),
  ].join('\n')}\n`
}

/** @throws StudioError farmServerFailed, 'cannot-write' */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { program, folder, host, port, cert } = options
  await makeFolder(folder)
  const config = join(folder, 'nats-server.conf')
  await writeDurably(config, serverConfig(options))
  // It holds the token.
  await chmod(config, 0o600)
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  let outOfRoom = false
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20 * LOG_TAIL)
    outOfRoom ||= FULL.test(log)
  })
  // Told below: it has no process id then.
  child.on('error', () => {})
  const deadline = performance.now() + START_MS
  // Another server may answer on the same port: ours has to say itself that it listens.
  while (!(log.includes('Server is ready') && (await answers(host, port)))) {
    if (child.exitCode !== null || child.pid === undefined || performance.now() > deadline) {
      child.kill('SIGKILL')
      const wrong = log.split('\n').filter(line => /\[(FTL|ERR)\]|nats-server:/.test(line))
      const reason = (wrong.at(-1) ?? log)
        .replace(/^\[\d+\] \S+ \S+ /, '')
        .slice(-LOG_TAIL)
        .trim()
      throw fault('farmServerFailed', { reason: reason || 'it ended at once' })
    }
    await wait(50)
  }
  return {
    process: child,
    url: `${cert ? 'tls' : 'nats'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    get outOfRoom() {
      return outOfRoom
    },
  }
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connectSocket({ host, port })
  try {
    // It greets by itself; another program on the port would not say INFO.
    const [greeting] = (await Promise.race([once(socket, 'data'), wait(500, [''])])) as [Buffer | string]
    return greeting.toString().startsWith('INFO')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** A token of the data folder's farm, made once. */
export async function farmToken(folder: string): Promise<string> {
  const file = join(folder, 'token')
  const known = await readFile(file, 'utf8').catch(() => null)
  if (known?.trim()) return known.trim()
  const token = randomBytes(24).toString('base64url')
  await makeFolder(folder)
  await writeDurably(file, `${token}\n`)
  await chmod(file, 0o600)
  return token
}
