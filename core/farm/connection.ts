/** A connection to a farm's server, and how its failures are told and borne. */
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import {
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import {
  AuthorizationError,
  type ConnectionOptions,
  connect,
  type NatsConnection,
  nkeyAuthenticator,
  PermissionViolationError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node'
import { fault, reasonOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'

/** Where a farm is, and what lets one in. */
export interface FarmAddress {
  /** nats:// or tls://; a token may stand before an "@". */
  url: string
  token?: string | undefined
  /** A file with an NKEY seed, in place of a token. */
  nkey?: string | undefined
  /** PEM files: who signed the server's certificate; a certificate of one's own, and its key. */
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
}

export interface FarmConnection {
  /** Without any token. */
  readonly url: string
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
}

const REQUEST_MS = 5000
/** Between two attempts: at first, and at most. */
const PAUSE_MS = { first: 100, most: 3000 }

/**
 * Connects; from then on a lost connection is taken up again by itself, for ever.
 * @throws StudioError farmAddressWrong, farmUnreachable, farmRefused, farmNoJetStream, farmKeyWrong
 */
export async function connectFarm(address: FarmAddress, name: string): Promise<FarmConnection> {
  const { servers, host, shown, token } = parseAddress(address)
  const { nkey, ca, cert, key } = address
  const options: ConnectionOptions = {
    servers,
    name,
    timeout: REQUEST_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 300,
    reconnectJitter: 200,
    pingInterval: 10_000,
    maxPingOut: 2,
    // A server that restarts may refuse for a moment; a token that was right stays right.
    ignoreAuthErrorAbort: true,
    ...(token !== undefined && { token }),
    ...(nkey !== undefined && { authenticator: nkeyAuthenticator(new Uint8Array(await secret(nkey))) }),
    ...((ca !== undefined || cert !== undefined || shown.startsWith('tls:')) && {
      tls: {
        ...(ca !== undefined && { ca: (await secret(ca)).toString() }),
        ...(cert !== undefined && { cert: (await secret(cert)).toString() }),
        ...(key !== undefined && { key: (await secret(key)).toString() }),
        // The client gives TLS no name for an address of digits, and TLS would check for "localhost" then.
        ...{ checkServerIdentity: (_: string, found: PeerCertificate) => checkServerIdentity(host, found) },
      },
    }),
  }
  let nc: NatsConnection | null = null
  try {
    nc = await connect(options)
    const jsm = await jetstreamManager(nc, { timeout: REQUEST_MS })
    return { url: shown, nc, jsm, js: jetstream(nc, { timeout: REQUEST_MS }) }
  } catch (cause) {
    await nc?.close()
    throw sentenceFor(cause, shown)
  }
}

/**
 * The same, but waits for a server that does not answer yet.
 * @param onTrouble told once
 */
export async function awaitFarm(
  address: FarmAddress,
  name: string,
  { signal, onTrouble }: PersistOptions = {},
): Promise<FarmConnection> {
  for (let tries = 0; ; tries++) {
    try {
      return await connectFarm(address, name)
    } catch (error) {
      if (!(error instanceof StudioError && error.key === 'farmUnreachable')) throw error
      if (tries === 0) onTrouble?.(error)
      await wait(PAUSE_MS.most, undefined, { ...(signal && { signal }) })
    }
  }
}

async function secret(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch(cause => {
    throw fault('farmKeyWrong', { file, reason: reasonOf(cause) }, { cause })
  })
  return Buffer.from(bytes.toString().trim())
}

function parseAddress({ url, token }: FarmAddress): {
  servers: string
  host: string
  shown: string
  token: string | undefined
} {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed?.hostname || !['nats:', 'tls:'].includes(parsed.protocol)) throw fault('farmAddressWrong', { url })
  const host = `${parsed.hostname}:${parsed.port || 4222}`
  const inside = parsed.username ? decodeURIComponent(parsed.username) : undefined
  const name = parsed.hostname.replace(/^\[|\]$/g, '')
  return { servers: host, host: name, shown: `${parsed.protocol}//${host}`, token: token ?? inside }
}

/** What a failed call means to a user. An error that is one already is returned as it is. */
export function sentenceFor(error: unknown, url: string): StudioError {
  if (error instanceof StudioError) return error
  const all = [error, (error as Error)?.cause]
  if (all.some(one => DENIED.some(Denied => one instanceof Denied)) || /authorization/i.test(reasonOf(error))) {
    return fault('farmRefused', { url }, { cause: error })
  }
  if (all.some(one => (one as Error)?.name === 'JetStreamNotEnabled')) {
    return fault('farmNoJetStream', { url }, { cause: error })
  }
  if (isFull(error)) return fault('farmStorageFull', { url }, { cause: error })
  return fault('farmUnreachable', { url, reason: reasonOf(error) }, { cause: error })
}

const DENIED = [AuthorizationError, PermissionViolationError, UserAuthenticationExpiredError]

/** The server's codes for a store, a stream or an account without room. Source: nats-server's errors.json. */
const FULL = new Set([10002, 10023, 10028, 10047, 10077, 10120, 10122, 10123])

const isFull = (error: unknown): boolean =>
  (error instanceof JetStreamApiError && FULL.has(error.code)) ||
  /no space left|insufficient (storage )?resources|resource limits exceeded|maximum bytes exceeded/i.test(
    reasonOf(error),
  )

/** Whether the server says that a stream, consumer, bucket, object or message is not there. */
export const isGone = (error: unknown): boolean =>
  (error instanceof JetStreamApiError && [10014, 10037, 10059].includes(error.code)) ||
  /(stream|consumer|object store|bucket|object|message) not found/i.test(reasonOf(error))

/** For what may be gone already. */
export function ignoreGone(error: unknown): void {
  if (!isGone(error)) throw error
}

export function nullIfGone(error: unknown): null {
  ignoreGone(error)
  return null
}

export interface PersistOptions {
  signal?: AbortSignal | undefined
  /** Told what is in the way: each sentence once until it works again. */
  onTrouble?: ((trouble: StudioError) => void) | undefined
}

/**
 * Calls until it succeeds: a farm outlives the loss of its server, its network and its disk. What can never succeed by waiting
 * (a StudioError, something that is gone) is thrown.
 * @throws StudioError, the abort's reason, errors for which isGone()
 */
export async function persist<T>(url: string, body: () => Promise<T>, options: PersistOptions = {}): Promise<T> {
  const { signal, onTrouble } = options
  const told = new Set<string>()
  for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.most, pause * 2)) {
    signal?.throwIfAborted()
    try {
      return await body()
    } catch (error) {
      if (error instanceof StudioError || isGone(error)) throw error
      signal?.throwIfAborted()
      const trouble = sentenceFor(error, url)
      // A short outage is no news.
      if (pause > PAUSE_MS.first * 8 && !told.has(trouble.message)) {
        told.add(trouble.message)
        onTrouble?.(trouble)
      }
      await wait(pause, undefined, { ...(signal && { signal }) })
    }
  }
}
