/**
 * ONNX Runtime's C API, called through koffi on the library that the npm package onnxruntime-node ships. Only what the
 * engine uses. Source of names, signatures and order: onnxruntime_c_api.h; the struct OrtApi is append-only, so that a
 * place in it never changes.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type koffiModule from 'koffi'
import type { LibraryHandle } from 'koffi'
import { reasonOf } from '../../faults/fault.ts'

/** A pointer as koffi gives it. */
export type Pointer = bigint

/** Version of the struct that is asked for: the first that has everything below. A newer library still has it. */
const API_VERSION = 23
/** Entries that are read of the struct. */
const ENTRIES = 320

/** Place in OrtApi, and the C signature without its name. Functions that return a status give null, or an error to read and free. */
const FUNCTIONS = {
  GetErrorCode: [1, 'int', 'void *status'],
  GetErrorMessage: [2, 'const char *', 'void *status'],
  CreateEnv: [3, 'void *', 'int level, const char *id, _Out_ void **env'],
  CreateSessionFromArray: [8, 'void *', 'void *env, void *model, size_t length, void *options, _Out_ void **session'],
  CreateSessionOptions: [10, 'void *', '_Out_ void **options'],
  // A path is of 16-bit units on Windows (ORTCHAR_T).
  SetOptimizedModelFilePath: [
    11,
    'void *',
    process.platform === 'win32' ? 'void *options, const char16_t *path' : 'void *options, const char *path',
  ],
  DisableMemPattern: [17, 'void *', 'void *options'],
  SetSessionLogSeverityLevel: [22, 'void *', 'void *options, int level'],
  SetSessionGraphOptimizationLevel: [23, 'void *', 'void *options, int level'],
  SetIntraOpNumThreads: [24, 'void *', 'void *options, int threads'],
  CreateRunOptions: [39, 'void *', '_Out_ void **options'],
  RunOptionsSetTerminate: [46, 'void *', 'void *options'],
  CreateTensorWithDataAsOrtValue: [
    49,
    'void *',
    'void *info, void *data, size_t length, int64_t *shape, size_t rank, int type, _Out_ void **value',
  ],
  CreateCpuMemoryInfo: [69, 'void *', 'int allocator, int memory, _Out_ void **info'],
  ReleaseEnv: [92, 'void', 'void *env'],
  ReleaseStatus: [93, 'void', 'void *status'],
  ReleaseMemoryInfo: [94, 'void', 'void *info'],
  ReleaseSession: [95, 'void', 'void *session'],
  ReleaseValue: [96, 'void', 'void *value'],
  ReleaseRunOptions: [97, 'void', 'void *options'],
  ReleaseSessionOptions: [100, 'void', 'void *options'],
  GetAvailableProviders: [125, 'void *', '_Out_ void **providers, _Out_ int *count'],
  ReleaseAvailableProviders: [126, 'void *', 'void *providers, int count'],
  AddSessionConfigEntry: [130, 'void *', 'void *options, const char *key, const char *value'],
  CreateAllocator: [131, 'void *', 'void *session, void *info, _Out_ void **allocator'],
  ReleaseAllocator: [132, 'void', 'void *allocator'],
  RunWithBinding: [133, 'void *', 'void *session, void *options, void *binding'],
  CreateIoBinding: [134, 'void *', 'void *session, _Out_ void **binding'],
  ReleaseIoBinding: [135, 'void', 'void *binding'],
  BindInput: [136, 'void *', 'void *binding, const char *name, void *value'],
  BindOutput: [137, 'void *', 'void *binding, const char *name, void *value'],
  ClearBoundOutputs: [142, 'void', 'void *binding'],
  AddRunConfigEntry: [165, 'void *', 'void *options, const char *key, const char *value'],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, 'void *', 'void *options, void *cuda'],
  CreateCUDAProviderOptions: [205, 'void *', '_Out_ void **cuda'],
  UpdateCUDAProviderOptions: [206, 'void *', 'void *cuda, const char **keys, const char **values, size_t count'],
  ReleaseCUDAProviderOptions: [208, 'void', 'void *cuda'],
  GetKeyValue: [297, 'const char *', 'void *pairs, const char *key'],
  ReleaseKeyValuePairs: [300, 'void', 'void *pairs'],
  AllocatorGetStats: [319, 'void *', 'void *allocator, _Out_ void **pairs'],
} as const satisfies Record<string, readonly [place: number, returns: string, parameters: string]>

type Name = keyof typeof FUNCTIONS
// biome-ignore lint/suspicious/noExplicitAny: C functions, checked against their signatures by koffi when they are called
type Native = { (...args: any[]): any; async(...args: any[]): void }

/** A call that ONNX Runtime refused, in its own words. */
export class OrtError extends Error {
  override readonly name = 'OrtError'
}

export interface OrtApi {
  readonly library: LibraryHandle
  readonly version: string
  /** The address of a buffer's bytes, which must stay referenced while native code uses it. */
  address(buffer: ArrayBufferLike): Pointer
  /** Calls a function that returns a status. Throws OrtError. */
  check(name: Name, ...args: unknown[]): void
  /** The same on a thread of libuv's pool: the event loop goes on. */
  checkAsync(name: Name, ...args: unknown[]): Promise<void>
  /** Calls a function that fills its last argument. Throws OrtError. */
  create(name: Name, ...args: unknown[]): Pointer
  createAsync(name: Name, ...args: unknown[]): Promise<Pointer>
  /** Calls a function that returns no status. */
  call(name: Name, ...args: unknown[]): unknown
  /** Strings of a C array. */
  strings(pointer: Pointer, count: number): string[]
}

const require = createRequire(import.meta.url)

/** The library that onnxruntime-node ships for this system, or null. */
export function libraryPath(): string | null {
  const folder = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin/napi-v6')
  const own = join(folder, process.platform, process.arch)
  const names = { linux: 'libonnxruntime.so.1', darwin: 'libonnxruntime.1.dylib', win32: 'onnxruntime.dll' }
  const path = join(own, names[process.platform as keyof typeof names] ?? '')
  return existsSync(path) && path !== own ? path : null
}

let configured = false
/** koffi closes a library that nothing refers to any more. */
const kept: LibraryHandle[] = []

/** Loaded only where it is used, so that a system for which it has no build still runs, by npm's own binding. */
function loadKoffi(): typeof koffiModule {
  const koffi = require('koffi') as typeof koffiModule
  // Native code runs on stacks that koffi sets aside; optimising a graph of thousands of nodes recurses deeper than its 128 KB.
  // It can be told only before its first library.
  if (!configured) koffi.config({ async_stack_size: 8 << 20, resident_async_pools: 2 })
  configured = true
  return koffi
}

/** Loads a library for those that look for it by name. @throws OrtError that names it */
export function loadShared(path: string): LibraryHandle {
  const koffi = loadKoffi()
  try {
    return koffi.load(path, { global: true, lazy: true })
  } catch (error) {
    throw new OrtError(`${basename(path)}: ${reasonOf(error).split('\n')[0]}`)
  }
}

/**
 * Opens the library. Throws where koffi or a library cannot be loaded, or the library is older than the struct that is read.
 * @param preload libraries that are found by name by what is loaded after them; they stay for as long as the process
 */
export function openApi(path: string, preload: readonly string[] = []): OrtApi {
  const koffi = loadKoffi()
  // Kept by what is returned: koffi closes a library that nothing refers to any more, with all its functions.
  kept.push(...preload.map(loadShared))
  const library = koffi.load(path)
  const base = koffi.decode(
    library.func('void *OrtGetApiBase()')(),
    koffi.struct({ GetApi: 'void *', GetVersionString: 'void *' }),
  ) as { GetApi: Pointer; GetVersionString: Pointer }
  const version = (koffi.decode(base.GetVersionString, koffi.proto('const char *()')) as Native)() as string
  const struct = (koffi.decode(base.GetApi, koffi.proto('void *(uint32_t version)')) as Native)(API_VERSION)
  if (!struct || Number(version.split('.')[1]) < API_VERSION) {
    throw new OrtError(`ONNX Runtime ${version} has no C API of version ${API_VERSION}`)
  }
  const table = koffi.decode(struct, koffi.array('void *', ENTRIES)) as Pointer[]
  const functions = Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, [place, returns, parameters]]) => [
      name,
      // Without a name: koffi knows each only once, and a process may open two builds of the library.
      koffi.decode(table[place], koffi.proto(`${returns} (${parameters})`)),
    ]),
  ) as Record<Name, Native>

  const throwIf = (status: Pointer | null): void => {
    if (!status) return
    const message = String(functions.GetErrorMessage(status))
    functions.ReleaseStatus(status)
    throw new OrtError(message)
  }
  const check: OrtApi['check'] = (name, ...args) => throwIf(functions[name](...args))
  const checkAsync: OrtApi['checkAsync'] = (name, ...args) =>
    new Promise((resolve, reject) => {
      functions[name].async(...args, (error: unknown, status: Pointer | null) => {
        try {
          if (error) throw error
          throwIf(status)
          resolve()
        } catch (refused) {
          reject(refused)
        }
      })
    })
  return {
    library,
    version,
    address: buffer => koffi.address(buffer),
    check,
    checkAsync,
    create(name, ...args) {
      const made: [Pointer | null] = [null]
      check(name, ...args, made)
      return made[0]!
    },
    async createAsync(name, ...args) {
      const made: [Pointer | null] = [null]
      await checkAsync(name, ...args, made)
      return made[0]!
    },
    call: (name, ...args) => functions[name](...args),
    strings: (pointer, count) => koffi.decode(pointer, koffi.array('char *', count)) as string[],
  }
}
