/**
 * Paths of the preload script, Node and the studio's files, in the repository and in a package
 * (build/electron-builder.ts).
 */
import { join, resolve } from 'node:path'

export interface Places {
  preload: string
  /** Program of the Node that the host runs on, which is packed too; never Electron's own Node. */
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

/** No environment variable counts: it must not decide which program an installed app starts. */
export function places({ folder, packaged, resources, platform = process.platform }: Here): Places {
  const preload = resolve(folder, '../preload/preload.cjs')
  const program = platform === 'win32' ? 'node.exe' : 'node'
  const source = resolve(folder, '../..')
  return packaged
    ? { preload, node: join(resources, 'node', program), root: join(resources, 'app.asar.unpacked') }
    : { preload, node: join(source, 'node_modules/node/bin', program), root: source }
}
