/**
 * `npm run dist`: packs the desktop app for the system that it runs on into dist/; `-- --dir` leaves the folder unpacked.
 * Each system packs its own: native modules are installed for the system that installs them.
 */
import { resolve } from 'node:path'
import { build, type Configuration } from 'electron-builder'
import { ensureRenderer } from '../core/server/renderer-build.ts'
import { bundleElectron } from '../electron/bundle.ts'
import { compressData } from './compressed-data.ts'
import { canMakeDeb, configuration } from './electron-builder.ts'
import { writeThirdParty } from './third-party.ts'

const root = resolve(import.meta.dirname, '..')

/** @param changes for tests: another output folder, a stand-in for Electron's program */
export async function pack(dir: boolean, changes: Configuration = {}): Promise<string[]> {
  await ensureRenderer()
  await bundleElectron(resolve(root, 'out'))
  await compressData()
  await writeThirdParty()
  return build({ projectDir: root, config: { ...configuration, ...changes }, publish: 'never', dir })
}

if (import.meta.main) {
  if (process.platform === 'linux' && !canMakeDeb)
    console.error('No Debian package: ZIHUA_HOMEPAGE and ZIHUA_MAINTAINER ("Name <address>") say who publishes it.')
  for (const file of await pack(process.argv.includes('--dir'))) console.log(file)
}
