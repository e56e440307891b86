/** Where the desktop finds what it starts, from the sources and in a package (build/electron-builder.ts lays it out). */
import { join, resolve } from 'node:path'

export interface Places {
  preload: string
  /** The Node that the host runs on: the one that everything is tested with, packed too, never Electron's own. */
  node: string
  /** The folder of core, electron, models and out/renderer. */
  root: string
}

export interface Here {
  /** The folder of the bundled main script: out/main, in the repository or in app.asar. */
  folder: string
  packaged: boolean
  /** process.resourcesPath */
  resources: string
  platform?: NodeJS.Platform
}

/** Nothing of the environment is asked: it must not choose what an installed app starts. */
export function places({ folder, packaged, resources, platform = process.platform }: Here): Places {
  const preload = resolve(folder, '../preload/preload.cjs')
  const program = platform === 'win32' ? 'node.exe' : 'node'
  const source = resolve(folder, '../..')
  return packaged
    ? { preload, node: join(resources, 'node', program), root: join(resources, 'app.asar.unpacked') }
    : { preload, node: join(source, 'node_modules/node/bin', program), root: source }
}
