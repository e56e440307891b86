/**
 * `npm run test:pack`: packs the app with a stand-in for Electron's program, and tries what was packed: fuses, the list of
 * files, licences, size, and the packed host under the packed Node in a read-only folder with an odd name. What needs
 * Chromium itself (windows, sandbox) cannot be shown so.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fusesOf from '@electron/fuses'
import { ask, enter, proxy } from '../electron/desktop/proxy.ts'
import { pack } from './dist.ts'

const { FuseV1Options, getCurrentFuseWire } = fusesOf
/** As the fuses stand in the program: the characters 0 and 1. */
const [OFF, ON] = [0x30, 0x31]
/** Megabytes of the unpacked folder, without Electron's own program; the goal is 300. */
const MOST_MB = 420
const root = mkdtempSync(join(tmpdir(), 'zihua-pack-'))
const failures: string[] = []
const check = (what: string, good: boolean, detail: unknown = '') => {
  console.log(`${good ? 'passed' : 'FAILED'}  ${what}${detail === '' ? '' : `: ${detail}`}`)
  if (!good) failures.push(what)
}

/** What @electron/fuses and electron-builder look for in Electron's folder. */
function standIn(): string {
  const folder = join(root, 'electron')
  mkdirSync(join(folder, 'locales'), { recursive: true })
  mkdirSync(join(folder, 'resources'))
  const wire = Buffer.concat([
    Buffer.from('#!/bin/sh\n# dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('000000000\n'),
  ])
  writeFileSync(join(folder, 'electron'), wire, { mode: 0o755 })
  for (const name of ['en-US', 'ru', 'zh-CN', 'de', 'fr']) writeFileSync(join(folder, 'locales', `${name}.pak`), '')
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'version'])
    writeFileSync(join(folder, name), '')
  return folder
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    statSync(join(folder, name)).isFile(),
  )
}

async function tryHost(app: string): Promise<void> {
  const resources = join(app, 'resources')
  const data = join(root, 'Пользователь 学 # %41')
  const host = spawn(
    join(resources, 'node/node'),
    ['--disable-warning=ExperimentalWarning', join(resources, 'app.asar.unpacked/core/server/desktop-host.ts')],
    { cwd: '/', env: { PATH: '/usr/bin:/bin', HOME: root, ZIHUA_DATA: data }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string]
  const upstream = await enter((JSON.parse(line) as { url: string }).url)
  const page = await proxy(new Request('zihua://studio/'), upstream)
  check('the page is served', page.status === 200 && (await page.text()).includes('<div id="root"'))
  const layout = { font: null }
  const maps = await ask<{ maps: unknown[] }>(upstream, 'maps/preview', {
    ...{ word: '学习', layout, style: 'comic', width: 256, height: 256, seed: 1 },
    choices: [
      { map: 'canny', method: 'opencv_canny' },
      { map: 'depth', method: 'distance_transform_depth' },
    ],
  })
  check('maps are drawn', maps.maps.length === 2)
  const first = async () => (await ask<{ state: string; error: unknown }[]>(upstream, 'queue/list', {}))[0]
  for (let tries = 0; tries < 120 && ['running', 'waiting'].includes((await first())?.state ?? ''); tries++)
    await new Promise(wake => setTimeout(wake, 1000))
  const { state, error } = await first()
  check('the first picture is made', state === 'done', error ?? '')
  host.stdin.end()
  const [code] = (await once(host, 'exit')) as [number]
  check('the host ends with its parent', code === 0, code)
}

try {
  const output = join(root, 'dist')
  await pack(true, { electronDist: standIn(), directories: { output, buildResources: 'build' } })
  const unpacked = join(output, 'linux-unpacked')
  const fuses = await getCurrentFuseWire(join(unpacked, 'zihua-studio'))
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
  ]
  const on = [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]
  check('the fuses are set', off.every(fuse => fuses[fuse] === OFF) && on.every(fuse => fuses[fuse] === ON))
  const files = filesBelow(unpacked)
  const inApp = files
    .filter(name => /app\.asar\.unpacked/.test(name))
    .map(name => name.replace(/^.*app\.asar\.unpacked\//, ''))
  const unwanted = inApp.filter(name =>
    /^(core|electron|models|build|e2e|fixtures)\/.*(\.test\.ts|testing)|^fixtures|^node_modules\/zod\/src/.test(name),
  )
  check('no tests and no fixtures are packed', unwanted.length === 0, unwanted.slice(0, 3))
  const licences = ['core/glyph/NOTICES.md', 'core/prompt/NOTICES.md', 'core/glyph/data/UNICODE-LICENSE.txt']
  check(
    'notices are packed',
    licences.every(name => inApp.includes(name)),
    licences.filter(name => !inApp.includes(name)),
  )
  const megabytes = Math.round(files.reduce((sum, name) => sum + statSync(join(unpacked, name)).size, 0) / 1e6)
  check(`it has less than ${MOST_MB} MB`, megabytes < MOST_MB, `${megabytes} MB, ${files.length} files`)
  const app = join(root, 'Программа 学 # %41')
  renameSync(unpacked, app)
  chmodSync(app, 0o555)
  await tryHost(app)
  chmodSync(app, 0o755)
} finally {
  rmSync(root, { recursive: true, force: true })
}
process.exitCode = failures.length === 0 ? 0 : 1
