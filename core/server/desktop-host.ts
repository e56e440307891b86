/** The studio in a process beside Electron's main one (desktop/host-process.ts starts it). Ends when its parent does. */
import { StudioError } from '../faults/studio-error.ts'
import { openBrowserHost } from './browser-host.ts'
import { serve } from './serve.ts'

try {
  const { served, host, close } = await openBrowserHost({ port: 0, platform: 'electron' })
  const { localApi } = host.settings.get()
  // A port of its own, so that programs know where to call; a port that is taken must not keep the window from opening.
  const api = localApi && (await serve({ host, port: localApi.port, service: {} }).catch(() => null))
  // Read by the parent alone; the token in it works once.
  console.log(JSON.stringify({ url: served.invite() }))
  process.stdin.resume().once('end', () => Promise.all([api?.close(), close()]).then(() => process.exit(0)))
} catch (error) {
  if (!(error instanceof StudioError)) throw error
  console.error(`zihua: ${error.message} ${error.hint}`)
  process.exitCode = 1
}
