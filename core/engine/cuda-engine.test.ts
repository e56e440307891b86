/**
 * ONNX Runtime from a folder of CUDA's libraries, with stand-ins in place of NVIDIA's and of the provider: npm's own library,
 * copied, looks for the provider beside itself, and the provider finds by name what was loaded before.
 */
import { execFile, execFileSync } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { OP_PROFILES } from '../graph/op-profiles.ts'
import { temporaryFolder } from '../weights/testing.ts'
import { chooseBackend } from './backends.ts'
import { libraryPath } from './ort/api.ts'
import { selfTest } from './self-test.ts'
import { opCases } from './self-test-ops.ts'
import { Session } from './session.ts'

const hasCompiler = (() => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const isLinux = process.platform === 'linux' && process.arch === 'x64'

it.skipIf(!isLinux || !hasCompiler)(
  'CUDA is loaded from the folder that was fetched, after the libraries that it needs (needs 64-bit Linux with a C compiler)',
  async () => {
    await using folder = await temporaryFolder()
    const build = (file: string, name: string, ...libraries: string[]) =>
      promisify(execFile)('cc', [
        ...['-shared', '-fPIC', '-Wl,--no-as-needed', `-Wl,-soname,${name}`, '-o', file, folder.at('empty.c')],
        ...libraries,
      ])
    await writeFile(folder.at('empty.c'), 'int present;')
    await mkdir(folder.at('elsewhere'))
    const cublas = folder.at('elsewhere/libcublas.so.13')
    await build(cublas, 'libcublas.so.13')
    const [{ graph }] = opCases(OP_PROFILES.cuda)
    const load = async (name: string, preload: string[]) => {
      await mkdir(folder.at(name))
      const library = folder.at(`${name}/libonnxruntime.so.1.30.0`)
      await copyFile(libraryPath()!, library)
      // The first that ONNX Runtime loads for any provider.
      const first = 'libonnxruntime_providers_shared.so'
      await build(folder.at(`${name}/${first}`), first, cublas)
      const runtime = { library, preload }
      expect(chooseBackend({ provider: 'cuda', runtime }).backend.name).toBe('c-api')
      return Session.load(graph, { provider: 'cuda', runtime })
    }
    await expect(load('without', [])).rejects.toThrow('libcublas.so.13: cannot open')
    // It is loaded now, and lacks what only the real one has.
    await expect(load('with', [cublas])).rejects.toThrow(`${folder.at('with')}/libonnxruntime_providers_shared.so`)
    await expect(load('again', [cublas])).rejects.toThrow('Provider_SetHost')
  },
)

it.skipIf(!isLinux)('a library that cannot be loaded is named by the self-test (needs 64-bit Linux)', async () => {
  await using folder = await temporaryFolder()
  const broken = folder.at('libcudart.so.13')
  await writeFile(broken, 'no library')
  const report = await selfTest('cuda', { library: libraryPath()!, preload: [broken] })
  expect(report).toMatchObject({ verdict: 'unavailable', detail: expect.stringContaining('libcudart.so.13') })
})
