/** Opens the studio and serves it until it is told to stop: what `npm start` without Electron and `zihua serve` share. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from '../files/data-folder.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { becomeHost } from './only-host.ts'
import type { BrowserHost, BrowserHostOptions } from './open-host.ts'

/**
 * @throws StudioError: the data folder cannot be written, the port is taken; studioOpen where another host is open on the
 * folder
 */
export async function openBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const folder = dataFolder()
  const release = await becomeHost(folder)
  // A new studio paints a picture at once: what will paint it loads its scripts while this process loads the studio's.
  const painter = existsSync(join(folder, 'library.db')) ? undefined : new InferenceClient()
  painter?.start()
  try {
    const { openHost } = await import('./open-host.ts')
    const { close, ...opened } = await openHost(options, painter)
    return { ...opened, close: () => close().finally(release) }
  } catch (error) {
    await painter?.stop()
    release()
    throw error
  }
}
