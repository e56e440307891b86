/** What `npm run dist` would pack: electron-builder's own check of the configuration, and that nothing needed stays out. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, matchesGlob, relative, resolve } from 'node:path'
import type { Configuration } from 'electron-builder'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { VIEWER_FILE } from '../core/server/service/docs.ts'
import { places } from '../electron/desktop/places.ts'
import about from '../package.json' with { type: 'json' }
import { canMakeDeb, configuration } from './electron-builder.ts'
import { ICONS, LINUX_SIZES, MAC_TYPES, WINDOWS_SIZES } from './icons.ts'

const root = resolve(import.meta.dirname, '..')
/** As it is written there; electron-builder's own type allows other forms. */
interface Written extends Record<'linux' | 'mac' | 'win', { files: string[]; icon: string }> {
  files: string[]
  asarUnpack: string[]
  extraResources: { from: string }[]
  nsis: { license: string }
}
const { files, asarUnpack, linux, mac, win, extraResources, nsis } = configuration as Written

/** As electron-builder reads such a list: the last pattern that matches decides. */
function isIn(patterns: readonly string[], path: string): boolean {
  const decides = patterns.findLast(pattern => matchesGlob(path, pattern.replace(/^!/, '')))
  return decides !== undefined && !decides.startsWith('!')
}

/** Every file of ours that the host can load, workers and child processes included, and every package. */
function neededBy(entry: string): { ours: Set<string>; packages: Set<string> } {
  const ours = new Set<string>()
  const packages = new Set<string>()
  const follow = (path: string) => {
    const name = relative(root, path)
    if (ours.has(name)) return
    ours.add(name)
    if (!path.endsWith('.ts')) return
    const code = readFileSync(path, 'utf8').replace(/^import type .*$/gm, '')
    for (const [, found] of code.matchAll(/(?:(?<!\.)from|import|URL\(|resolve\()\s*\(?'([@\w./-]+)'/g)) {
      const target = resolve(dirname(path), found)
      if (found.startsWith('.')) existsSync(target) && /\.(ts|json)$/.test(found) && follow(target)
      else if (!found.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(found)?.[0] ?? found)
    }
  }
  follow(join(root, entry))
  return { ours, packages }
}

describe('the configuration', () => {
  it('holds by electron-builder’s own schema', async () => {
    const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
    const { validateConfiguration } = builder('app-builder-lib/out/util/config/config') as {
      validateConfiguration(config: object, logger: { isEnabled: boolean }): Promise<void>
    }
    const check = ({ afterPack, ...plain }: Configuration) =>
      validateConfiguration({ ...structuredClone(plain), afterPack }, { isEnabled: false })
    await expect(check(configuration)).resolves.toBeUndefined()
    await expect(check({ ...configuration, fuses: {} } as Configuration)).rejects.toThrow('fuses')
  })

  it('names no path that is not there', () => {
    const built = /^out\//
    const named = files.filter(pattern => !pattern.startsWith('!') && !built.test(pattern))
    const paths = named.map(pattern => pattern.replace(/\/\*\*$/, ''))
    paths.push(
      linux.icon,
      mac.icon,
      win.icon,
      nsis.license,
      ...extraResources.map(({ from }) => from).filter(from => !built.test(from)),
    )
    expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([])
  })

  it('says what stores and menus ask for', () => {
    expect(about).toMatchObject({ license: 'Apache-2.0', productName: configuration.productName })
    expect(about.desktopName).toBe(`${about.name}.desktop`)
    expect(configuration.linux).toMatchObject({ category: 'Graphics' })
    // Nobody is named who does not exist.
    expect(JSON.stringify(about)).not.toMatch(/\.example|placeholder/)
    expect(canMakeDeb).toBe(configuration.linux?.target?.toString().includes('deb'))
  })

  it('switches off every way into Electron that the studio does not use', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    })
  })
})

describe('the package', () => {
  it('has everything that the host loads, as ordinary files', () => {
    const { ours, packages } = neededBy('core/server/desktop-host.ts')
    expect(ours.size).toBeGreaterThan(100)
    for (const needed of ['core/processes/painting/process.ts', 'core/processes/maps/worker.ts', 'package.json'])
      expect([...ours]).toContain(needed)
    const folders = [
      'models/draft/former/index.json',
      'models/draft/model_index.json',
      'core/text/clip-vocab/vocab.json',
      'out/renderer/index.html',
      `out/renderer/${VIEWER_FILE}`,
    ]
    const missing = [...ours, ...folders].filter(path => !isIn(files, path) || !isIn(asarUnpack, path))
    expect(missing).toEqual([])
    // The viewer of /docs travels inside the built page: renderer/vite.config.ts puts it there.
    packages.delete('@scalar/api-reference')
    expect(readFileSync(join(root, 'renderer/vite.config.ts'), 'utf8')).toContain('fileName: VIEWER_FILE')
    expect([...packages].filter(name => !(name in about.dependencies))).toEqual([])
  })

  it('has Electron’s own scripts inside the archive', () => {
    const preload = relative(root, places({ folder: join(root, 'out/main'), packaged: false, resources: '' }).preload)
    for (const script of [about.main, preload]) {
      expect([script, isIn(files, script)]).toEqual([script, true])
      expect([script, isIn(asarUnpack, script)]).toEqual([script, false])
    }
  })

  it.each(['core/contract.test.ts', 'core/queue/testing-kills.ts', 'models/draft/training/train.py', 'e2e/studio.ts'])(
    'leaves %s out',
    path => expect(isIn(files, path)).toBe(false),
  )

  it.each([
    ['linux', linux],
    ['darwin', mac],
    ['win32', win],
  ])('carries ONNX Runtime for %s alone', (system, { files: own }) => {
    expect(own[0]).toBe('package.json')
    const runtime = (name: string, arch: string) => `node_modules/onnxruntime-node/bin/napi-v6/${name}/${arch}/x.node`
    const kept = ['linux', 'darwin', 'win32'].flatMap(name =>
      ['x64', 'arm64'].map(arch => runtime(name, arch)).filter(path => isIn(['**', ...own.map(forX64)], path)),
    )
    expect(kept).toEqual([runtime(system, 'x64')])
  })

  it('is found by the app where electron-builder puts it', () => {
    const there = { folder: '/app/resources/app.asar/out/main', packaged: true, resources: '/app/resources' }
    expect(places({ ...there, platform: 'linux' })).toEqual({
      preload: '/app/resources/app.asar/out/preload/preload.cjs',
      node: '/app/resources/node/node',
      root: '/app/resources/app.asar.unpacked',
    })
    expect(places({ ...there, platform: 'win32' }).node).toMatch(/node\.exe$/)
    expect(extraResources).toMatchObject([{ to: 'node', filter: ['node', 'node.exe'] }, { to: 'licences' }])
  })
})

const forX64 = (pattern: string) => pattern.replace(/\$\{arch\}/, 'x64')

describe('the icons', () => {
  it('are there in every size for Linux', async () => {
    for (const size of LINUX_SIZES)
      expect(await sharp(join(ICONS, `${size}x${size}.png`)).metadata()).toMatchObject({ width: size, height: size })
  })

  it('for Windows hold the sizes that they announce', async () => {
    const file = readFileSync(join(ICONS, 'icon.ico'))
    expect([file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([1, WINDOWS_SIZES.length])
    for (const [i, size] of WINDOWS_SIZES.entries()) {
      const [length, offset] = [file.readUInt32LE(6 + 16 * i + 8), file.readUInt32LE(6 + 16 * i + 12)]
      expect(await sharp(file.subarray(offset, offset + length)).metadata()).toMatchObject({ width: size })
    }
  })

  it('for the Mac hold the types that they announce, to the last byte', async () => {
    const file = readFileSync(join(ICONS, 'icon.icns'))
    expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length])
    let at = 8
    for (const [type, size] of MAC_TYPES) {
      expect(file.toString('latin1', at, at + 4)).toBe(type)
      const length = file.readUInt32BE(at + 4)
      expect(await sharp(file.subarray(at + 8, at + length)).metadata()).toMatchObject({ width: size })
      at += length
    }
    expect(at).toBe(file.length)
  })
})
