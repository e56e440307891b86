/** The renderer as files for a browser: built when there are none, or when a source is newer. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fault } from '../faults/fault.ts'
import { RENDERER_FOLDER } from './renderer-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const SOURCES = join(root, 'renderer')
/** A part of the page. */
const GUIDE = join(root, 'docs/guide')

/**
 * Builds the renderer if it has to be. An installed studio has no sources, and what is built is what there is.
 * @throws StudioError 'internal': the build failed, with its first line
 */
export async function ensureRenderer(sources = SOURCES, target = RENDERER_FOLDER): Promise<'built' | 'there'> {
  const config = join(sources, 'vite.config.ts')
  if (!existsSync(config) || !(await isOutdated(sources, target))) return 'there'
  // Loaded only here: an installed studio does not carry it.
  const { build } = await import('vite')
  try {
    await build({ configFile: config, logLevel: 'error', build: { outDir: target } })
  } catch (cause) {
    const line = (cause as Error).message.split('\n')[0]
    throw fault('rendererNotBuilt', { reason: line }, { cause })
  }
  return 'built'
}

/** A source, or the lock of what it is built from, is newer than the built page. */
export async function isOutdated(sources: string, target: string): Promise<boolean> {
  const built = await stat(join(target, 'index.html')).catch(() => null)
  if (!built) return true
  const lock = await stat(join(root, 'package-lock.json')).catch(() => null)
  const guide = sources === SOURCES ? await newest(GUIDE) : 0
  return Math.max(await newest(sources), guide, lock?.mtimeMs ?? 0) > built.mtimeMs
}

async function newest(folder: string): Promise<number> {
  const times = (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter(entry => entry.isFile() && !entry.name.includes('.test.'))
    .map(async entry => (await stat(join(entry.parentPath, entry.name))).mtimeMs)
  return Math.max(0, ...(await Promise.all(times)))
}
