/** The studio in a process beside Electron's main one (desktop/host-process.ts starts it). Ends when its parent does. */
import { StudioError } from '../faults/studio-error.ts'
import { openBrowserHost } from './browser-host.ts'

try {
  const { served, close } = await openBrowserHost({ port: 0, platform: 'electron' })
  // Read by the parent alone; the token in it works once.
  console.log(JSON.stringify({ url: served.invite() }))
  process.stdin.resume().once('end', () => close().then(() => process.exit(0)))
} catch (error) {
  if (!(error instanceof StudioError)) throw error
  console.error(`zihua: ${error.message} ${error.hint}`)
  process.exitCode = 1
}
