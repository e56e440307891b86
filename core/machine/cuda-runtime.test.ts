import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { findManifest } from '../downloads/manifest.ts'
import {
  adoptCudaFolder,
  driverVersion,
  findCudaRuntime,
  insistOnPlatform,
  installCudaRuntime,
  isOfUse,
  removeCudaRuntime,
} from './cuda-runtime.ts'

const folder = () => mkdtemp(join(tmpdir(), 'zihua-cuda-'))

async function wheel(file: string, entries: Record<string, string>): Promise<string> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  await finished(zip.outputStream.pipe(createWriteStream(file)))
  return file
}

describe('the CUDA runtime', () => {
  it('that cannot be loaded is refused with the loader’s reason, and nothing of it stays', async () => {
    const data = await folder()
    const wheels = [
      await wheel(join(data, 'ort.whl'), {
        'onnxruntime/capi/libonnxruntime.so.1.30.0': 'no library',
        'onnxruntime/capi/libonnxruntime_providers_cuda.so': 'no library',
        'onnxruntime/capi/libonnxruntime_providers_shared.so': 'no library',
        'onnxruntime/__init__.py': 'import os',
      }),
      await wheel(join(data, 'cuda.whl'), { 'nvidia/cu13/lib/libcudart.so.13': 'no library' }),
    ]
    await expect(installCudaRuntime(data, wheels)).rejects.toMatchObject({
      key: 'runtimeUnusable',
      message: expect.stringContaining('libcudart.so.13'),
    })
    expect(await readdir(join(data, 'runtimes'))).toEqual([])
    expect(await findCudaRuntime(data)).toBeNull()
    const own = join(data, 'mine')
    await mkdir(own)
    await writeFile(join(own, 'readme.txt'), '')
    await expect(adoptCudaFolder(data, own)).rejects.toMatchObject({ key: 'runtimeUnusable' })
    expect(await removeCudaRuntime(data)).toBe(false)
  })

  it('is not fetched where it is of no use: another system, or a driver that is too old', async () => {
    const manifest = await findManifest(await folder(), 'cuda-runtime')
    const here = { platform: 'linux', arch: 'x64' }
    const driver = (version: string | null) => insistOnPlatform(manifest, { ...here, driver: Promise.resolve(version) })
    await expect(driver('550.54.15')).rejects.toMatchObject({ key: 'driverOld', values: { fits: 12 } })
    await expect(driver('580.64')).rejects.toMatchObject({ key: 'driverOld', values: { fits: 12 } })
    await expect(driver('470.1')).rejects.toMatchObject({ key: 'driverOld', values: { fits: null } })
    const older = await findManifest(await folder(), 'cuda12-runtime')
    await insistOnPlatform(older, { ...here, driver: Promise.resolve('550.54.15') })
    await expect(insistOnPlatform(older, { ...here, driver: Promise.resolve('515.1') })).rejects.toMatchObject({
      key: 'driverOld',
      values: { needed: '525.60.13', fits: null },
    })
    await driver('580.65.06')
    await driver('610.1')
    await driver(null)
    await expect(insistOnPlatform(manifest, { ...here, platform: 'win32' })).rejects.toMatchObject({
      key: 'runtimeElsewhere',
    })
  })

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'is offered where the driver runs it (needs 64-bit Linux)',
    async () => {
      const data = await folder()
      const offered = async (version: string | null) => {
        const all = ['cuda-runtime', 'cuda12-runtime'].map(async id => {
          return (await isOfUse(await findManifest(data, id), Promise.resolve(version))) ? [id] : []
        })
        return (await Promise.all(all)).flat()
      }
      expect(await offered(null)).toEqual([])
      expect(await offered('470.1')).toEqual([])
      expect(await offered('550.54.15')).toEqual(['cuda12-runtime'])
      expect(await offered('580.95.05')).toEqual(['cuda-runtime', 'cuda12-runtime'])
      expect(await isOfUse(await findManifest(data, 'sdxl'), Promise.resolve(null))).toBe(true)
    },
  )

  it('knows the driver’s version from the kernel’s module', async () => {
    const file = join(await folder(), 'version')
    await writeFile(
      file,
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder)\nGCC version: 13\n',
    )
    expect(await driverVersion(file)).toBe('580.95.05')
    await writeFile(file, 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\n')
    expect(await driverVersion(file)).toBe('550.54.15')
    expect(await driverVersion(join(await folder(), 'none'))).toBeNull()
  })
})
