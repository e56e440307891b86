/**
 * `npm run test:pack`: packs the app with a stand-in for Electron's program, and tries what was packed: fuses, the list of
 * files, licences, size, and the packed host under the packed Node in a read-only folder with an odd name. What needs
 * Chromium itself (windows, sandbox) cannot be shown so.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import fusesOf from '@electron/fuses'
import { ENDINGS, FORMATS } from '../core/image/encode.ts'
import { PAGE_FONTS } from '../core/server/page-fonts.ts'
import { ask, enter, proxy } from '../electron/desktop/proxy.ts'
import { pack } from './dist.ts'

const { FuseV1Options, getCurrentFuseWire } = fusesOf
/** As the fuses stand in the program: the characters 0 and 1. */
const [OFF, ON] = [0x30, 0x31]
/**
 * Megabytes on the disk of the unpacked folder, without Electron's own program. Node has 109 of them, 18 more
 * where no program takes its symbols out; the draft model has 36. */
const MOST_MB = spawnSync('strip', ['--version']).error ? 373 : 355
/** What may lie in the packed folder, and in the half that the host runs from. */
const TOP =
  /^(zihua-studio|LICENSE|LICENSES\.chromium\.html|LICENSE\.electron\.txt|chrome-sandbox|version|locales|resources)$/
const IN_RESOURCES = /^(app\.asar|app\.asar\.unpacked|node|licences)$/
const IN_APP = /^(core|electron|models|node_modules|out|package\.json)$/
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

/** What a script says under the packed Node. */
function packedNode(resources: string, args: readonly string[], input = ''): string {
  const env = { PATH: '/usr/bin:/bin', HOME: root, ZIHUA_DATA: join(root, 'cli') }
  return execFileSync(join(resources, 'node/node'), ['--disable-warning=ExperimentalWarning', ...args], {
    ...{ cwd: '/', env, input, encoding: 'utf8' as const },
  })
}

/** Of the folder, with files rounded up to a disk's blocks. */
const megabytesOf = (folder: string, files: readonly string[]): number =>
  Math.round(files.reduce((sum, name) => sum + Math.ceil(statSync(join(folder, name)).size / 4096) * 4096, 0) / 1e6)

/** Packages that lie in a node_modules folder, "name@version". */
function packagesIn(app: string): string[] {
  return filesBelow(join(app, 'node_modules')).flatMap(name => {
    if (!/(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(name)) return []
    const about = JSON.parse(readFileSync(join(app, 'node_modules', name), 'utf8')) as {
      name?: string
      version?: string
    }
    return about.name && about.version ? [`${about.name}@${about.version}`] : []
  })
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
  const fonts = JSON.parse(
    readFileSync(join(resources, 'app.asar.unpacked/out/renderer', PAGE_FONTS), 'utf8'),
  ) as object
  const font = await proxy(new Request(`zihua://studio${Object.keys(fonts)[0]}`), upstream)
  check('its fonts are served', font.status === 200 && font.headers.get('content-type') === 'font/woff2')
  const layout = { font: null }
  const maps = await ask<{ maps: unknown[] }>(upstream, 'maps/preview', {
    ...{ word: '学习', layout, style: 'comic', width: 256, height: 256, seed: 1 },
    choices: [
      { map: 'canny', method: 'opencv_canny' },
      { map: 'depth', method: 'distance_transform_depth' },
    ],
  })
  check('maps are drawn', maps.maps.length === 2)
  const ended = async (id?: string) => {
    for (let tries = 0; tries < 180; tries++) {
      const jobs = await ask<{ id: string; state: string; error: unknown }[]>(upstream, 'queue/list', {})
      const job = id === undefined ? jobs.at(-1) : jobs.find(found => found.id === id)
      if (job && !['running', 'waiting'].includes(job.state)) return job
      await new Promise(wake => setTimeout(wake, 1000))
    }
    return { state: 'not done within three minutes', error: null }
  }
  const first = await ended()
  check('the first picture is made', first.state === 'done', first.error ?? first.state)
  const folder = join(root, 'Набор 学 # %41')
  const definition = {
    ...{ name: 'all', words: ['学', 'мир'], styles: ['comic'], maps: ['canny', 'depth'], formats: FORMATS },
    request: { model: 'draft', width: 128, height: 128, steps: 2, seed: 1 },
  }
  const { id } = await ask<{ id: string }>(upstream, 'sets/start', { definition, folder })
  const set = await ended(id)
  const made = set.state === 'done' ? filesBelow(folder).map(name => extname(name)) : []
  const lacking = FORMATS.filter(format => made.filter(ending => ending === `.${ENDINGS[format]}`).length < 2)
  check('a set is made in all formats', set.state === 'done' && lacking.length === 0, set.error ?? lacking)
  const strokes = `const { readStrokeFile } = await import(process.argv[1]); console.log((await readStrokeFile('永')).strokes.length)`
  const file = pathToFileURL(join(resources, 'app.asar.unpacked/core/glyph/stroke-data.ts')).href
  const counted = packedNode(resources, ['--input-type=module', '-e', strokes, file])
  check('strokes are read', counted.trim() === '5', counted)
  const cli = join(resources, 'app.asar.unpacked/core/cli/cli.ts')
  const found = packedNode(resources, [cli, 'lookup', '学习', '--json'])
  check('the dictionary is read', found.includes('xué xí'), found.slice(0, 200))
  const hello = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {} },
  }
  const client = { ...hello, params: { ...hello.params, clientInfo: { name: 'pack', version: '1' } } }
  const greeted = packedNode(resources, [cli, 'mcp'], `${JSON.stringify(client)}\n`)
  check('an assistant is answered', greeted.includes('zihua-studio'), greeted.slice(0, 200))
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
  const strange = [
    ...readdirSync(unpacked).filter(name => !TOP.test(name)),
    ...readdirSync(join(unpacked, 'resources')).filter(name => !IN_RESOURCES.test(name)),
    ...readdirSync(join(unpacked, 'resources/app.asar.unpacked')).filter(name => !IN_APP.test(name)),
    ...inApp.filter(name =>
      /\.test\.ts$|(^|\/)testing[^/]*\.ts$|^fixtures|^node_modules\/zod\/src|\.woff$|\.map$/.test(name),
    ),
  ]
  check('nothing else is packed, no tests and no fixtures', strange.length === 0, strange.slice(0, 5))
  const notices = ['core/glyph/NOTICES.md', 'core/prompt/NOTICES.md', 'core/glyph/data/UNICODE-LICENSE.txt']
  const without = notices.filter(name => !inApp.includes(name))
  check('notices are packed', without.length === 0, without)
  const licences = readFileSync(join(unpacked, 'resources/licences/THIRD-PARTY-LICENCES.txt'), 'utf8')
  const unnamed = packagesIn(join(unpacked, 'resources/app.asar.unpacked')).filter(
    name => !licences.includes(`${name}:`),
  )
  check('every package has its licence', unnamed.length === 0, unnamed.slice(0, 5))
  const texts = [
    'Node.js is licensed for use as follows',
    'GNU LESSER GENERAL PUBLIC LICENSE',
    '## react - ',
    '## zustand - ',
  ]
  const missing = texts.filter(text => !licences.includes(text))
  check('Node, libvips and what the page has bundled have theirs', missing.length === 0, missing)
  const megabytes = megabytesOf(unpacked, files)
  check(`it has less than ${MOST_MB} MB`, megabytes < MOST_MB, `${megabytes} MB, ${files.length} files`)
  const sizes = new Map<string, string[]>()
  for (const name of files) {
    const part = name
      .split('/')
      .slice(0, name.includes('/node_modules/@') ? 5 : 4)
      .join('/')
    sizes.set(part, [...(sizes.get(part) ?? []), name])
  }
  const largest = [...sizes].map(([part, names]) => [megabytesOf(unpacked, names), part] as const)
  for (const [size, part] of largest.sort(([a], [b]) => b - a).slice(0, 12)) console.log(`${size} MB  ${part}`)
  const app = join(root, 'Программа 学 # %41')
  renameSync(unpacked, app)
  chmodSync(app, 0o555)
  await tryHost(app)
  chmodSync(app, 0o755)
} finally {
  rmSync(root, { recursive: true, force: true })
}
process.exitCode = failures.length === 0 ? 0 : 1
