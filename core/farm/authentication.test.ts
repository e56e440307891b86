/** NKEYs in place of a token, and TLS where certificates are given. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectFarm } from './connection.ts'
import { serverConfig } from './server.ts'
import { NATS_SERVER, NEEDS_SERVER, TestServer, TOKEN } from './testing-server.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-farm-keys-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: root, stdio: 'pipe' })
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!NATS_SERVER)(`who may join (${NEEDS_SERVER})`, () => {
  it('whoever has the seed of the NKEY, and nobody else', async () => {
    const user = nkeys.createUser()
    const seed = join(root, 'seed')
    await writeFile(seed, `${new TextDecoder().decode(user.getSeed())}\n`)
    const other = join(root, 'other')
    await writeFile(other, new TextDecoder().decode(nkeys.createUser().getSeed()))
    await using server = await TestServer.start(join(root, 'nkey'), { token: undefined, nkey: user.getPublicKey() })
    const { nc } = await connectFarm({ url: server.url, nkey: seed }, 'test')
    await nc.close()
    await expect(connectFarm({ url: server.url, nkey: other }, 'test')).rejects.toMatchObject({ key: 'farmRefused' })
    await expect(connectFarm({ url: server.url }, 'test')).rejects.toMatchObject({ key: 'farmRefused' })
    const absent = { url: server.url, nkey: join(root, 'absent') }
    await expect(connectFarm(absent, 'test')).rejects.toMatchObject({ key: 'farmKeyWrong' })
  })

  it.skipIf(!hasOpenssl)('over TLS, whose certificate is checked (needs openssl)', async () => {
    const san = ['-addext', 'subjectAltName=IP:127.0.0.1']
    for (const name of ['server', 'stranger']) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        ...san,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      )
    }
    const [cert, key, stranger] = ['server.pem', 'server.key', 'stranger.pem'].map(name => join(root, name))
    await using server = await TestServer.start(join(root, 'tls'), { cert, key })
    const { nc } = await connectFarm({ url: server.url, token: TOKEN, ca: cert }, 'test')
    await nc.close()
    for (const ca of [stranger, undefined]) {
      const wrong = connectFarm({ url: server.url, token: TOKEN, ca }, 'test')
      await expect(wrong).rejects.toMatchObject({ key: 'farmUnreachable' })
    }
  })
})

it('every message is flushed, and a name cannot leave its quotes', () => {
  const config = serverConfig({ program: '', folder: 'a "b"', host: '::1', port: 1, token: 'x" }\nlisten: 0.0.0.0 #' })
  expect(config).toContain('sync_interval: always')
  expect(config).toContain('listen: "[::1]:1"')
  expect(config.match(/^listen:/gm)).toHaveLength(1)
})
