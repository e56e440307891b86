/**
 * Models that other programs have brought to this machine: Hugging Face's cache, ComfyUI, A1111 and Forge, InvokeAI, SwarmUI,
 * Krita. They are used where they lie, never copied, moved or changed. What a file is is told from its header, not its folder.
 */
import { existsSync } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { readConfig } from '../weights/config.ts'
import { identifyFile } from '../weights/identify.ts'
import { ModelLoader } from '../weights/loader.ts'
import { readHeader } from '../weights/safetensors.ts'
import type { PartKind } from './registry.ts'

export interface FoundModel {
  kind: PartKind
  /** A file, or the folder of a whole model or network. */
  path: string
  /** Its file's or repository's name. */
  name: string
  bytes: number
  /** Whose folder it is in. */
  program: string
}

export interface ScanOptions {
  /** Only these; default: the places of all programs. */
  folders?: readonly string[]
  signal?: AbortSignal
  home?: string
  env?: NodeJS.ProcessEnv
}

/** More is no folder of models: somebody named the whole disk. */
const LIMITS = { depth: 8, entries: 50_000 }
const SKIPPED = /^(\.git|\.svn|node_modules|venv|\.venv|site-packages|__pycache__|blobs|\$RECYCLE\.BIN)$/

/** @throws StudioError 'cancelled' never: an abort ends the scan with what was found */
export async function scanModels(options: ScanOptions = {}): Promise<{ looked: string[]; found: FoundModel[] }> {
  const { folders, signal } = options
  const places = folders?.map(folder => ({ program: 'folder', folder: resolve(folder) })) ?? placesOf(options)
  const looked: string[] = []
  const found = new Map<string, FoundModel>()
  const seen = new Set<string>()
  const left = { entries: LIMITS.entries }
  for (const { program, folder } of places) {
    if (!existsSync(folder)) continue
    looked.push(folder)
    for await (const one of walk(folder, { depth: 0, seen, left, signal })) {
      // Two names of the same file are one model: a link beside the program and the file in the cache.
      const real = await realpath(one.path)
      if (!found.has(real)) found.set(real, { ...one, program })
    }
  }
  return { looked, found: [...found.values()] }
}

function placesOf({ home = homedir(), env = process.env }: ScanOptions): { program: string; folder: string }[] {
  const hub = env['HF_HUB_CACHE'] ?? join(env['HF_HOME'] ?? join(home, '.cache', 'huggingface'), 'hub')
  const roots = [home, join(home, 'Documents'), join(home, 'AI'), join(home, 'Desktop'), ...drives()]
  const at = (program: string, names: readonly string[], ...inside: string[]) =>
    roots.flatMap(root => names.map(name => ({ program, folder: join(root, name, ...inside) })))
  const krita = [
    join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'krita', 'ai_diffusion'),
    join(home, '.local', 'share', 'krita', 'ai_diffusion'),
    join(home, 'Library', 'Application Support', 'krita', 'ai_diffusion'),
  ]
  return [
    { program: 'Hugging Face', folder: hub },
    ...at('ComfyUI', ['ComfyUI', 'comfyui', 'ComfyUI_windows_portable/ComfyUI'], 'models'),
    ...at(
      'A1111',
      ['stable-diffusion-webui', 'stable-diffusion-webui-forge', 'webui_forge/webui', 'sd.webui/webui'],
      'models',
    ),
    ...at('A1111', ['stable-diffusion-webui', 'stable-diffusion-webui-forge'], 'embeddings'),
    { program: 'InvokeAI', folder: join(env['INVOKEAI_ROOT'] ?? join(home, 'invokeai'), 'models') },
    ...at('SwarmUI', ['SwarmUI', 'StableSwarmUI'], 'Models'),
    ...krita.map(folder => ({ program: 'Krita', folder })),
  ]
}

/** Programs are often put at the top of a Windows drive. */
const drives = (): string[] => (process.platform === 'win32' ? ['C:\\', 'D:\\', 'E:\\'] : [])

interface Walk {
  depth: number
  /** Real paths of folders: links may form a circle. */
  seen: Set<string>
  left: { entries: number }
  signal: AbortSignal | undefined
}

type Found = Omit<FoundModel, 'program'>

async function* walk(folder: string, { depth, seen, left, signal }: Walk): AsyncGenerator<Found> {
  const real = await realpath(folder).catch(() => null)
  if (real === null || seen.has(real) || depth > LIMITS.depth || signal?.aborted) return
  seen.add(real)
  const whole = await wholeFolder(folder)
  if (whole) return void (yield whole)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (left.entries-- <= 0 || signal?.aborted) return
    const path = join(folder, entry.name)
    const info = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
    if (info?.isDirectory() && !SKIPPED.test(entry.name)) yield* walk(path, { depth: depth + 1, seen, left, signal })
    else if (info?.isFile() && entry.name.endsWith('.safetensors')) {
      const found = await lookAtFile(path)
      if (found) yield found
    }
  }
}

/** What a single file is; null for what the studio cannot use, or cannot read. */
async function lookAtFile(path: string): Promise<Found | null> {
  try {
    const { kind } = identifyFile(await readHeader(path))
    if (kind === 'other') return null
    const name = basename(path, '.safetensors')
    return { kind: kind === 'checkpoint' ? 'model' : kind, path, name, bytes: (await stat(path)).size }
  } catch {
    return null
  }
}

/** A folder that is a model, or one network, as Hugging Face publishes them. */
async function wholeFolder(folder: string): Promise<Found | null> {
  try {
    if (existsSync(join(folder, 'model_index.json'))) {
      const model = await new ModelLoader().open({ model: folder })
      await model.dispose()
      return { kind: 'model', path: folder, name: nameOf(folder), bytes: await bytesOf(model.files) }
    }
    if (!existsSync(join(folder, 'config.json'))) return null
    const config = await readConfig(join(folder, 'config.json'))
    const files = (await readdir(folder)).filter(name => name.endsWith('.safetensors'))
    const [file] = files
    if (!file || !/^(ControlNet|AutoencoderKL)/.test(String(config['_class_name']))) return null
    const { kind } = identifyFile(await readHeader(join(folder, file)))
    if (kind !== 'controlnet' && kind !== 'vae') return null
    const isStandard = file.startsWith('diffusion_pytorch_model.')
    // A folder with several files (a Union one and its ProMax) is no one network: each file is.
    if (files.length > 1 || !isStandard) return null
    return { kind, path: folder, name: nameOf(folder), bytes: await bytesOf([join(folder, file)]) }
  } catch {
    return null
  }
}

/** "stable-diffusion-xl-base-1.0" for …/models--stabilityai--stable-diffusion-xl-base-1.0/snapshots/REVISION. */
function nameOf(folder: string): string {
  const repository = basename(dirname(dirname(folder)))
  const name = repository.slice(repository.lastIndexOf('--') + 2)
  const isOne = repository.startsWith('models--') && repository.split('--').length > 2 && name !== ''
  return isOne && basename(dirname(folder)) === 'snapshots' ? name : basename(folder)
}

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(file => stat(file).then(info => info.size)))
  return sizes.reduce((sum, size) => sum + size, 0)
}
