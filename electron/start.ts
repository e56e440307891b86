/** `npm start`: the desktop app where Electron's program and a display are there, else the same studio in the browser. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { StudioError } from '../core/faults/studio-error.ts'
import { dataFolder } from '../core/files/data-folder.ts'
import { openBrowserHost } from '../core/server/browser-host.ts'
import { openInvitation, readInvitation } from '../core/server/invitation.ts'
import { ensureRenderer } from '../core/server/renderer-build.ts'
import { toldToStop } from '../core/server/told-to-stop.ts'
import { bundleElectron } from './bundle.ts'
import { choose, findElectron } from './find-electron.ts'

const root = resolve(import.meta.dirname, '..')

async function main(): Promise<number> {
  await ensureRenderer()
  const choice = choose(findElectron(resolve(root, 'node_modules/electron')))
  if (choice.kind === 'browser') return openInBrowser(choice.why)
  const entry = await bundleElectron(resolve(root, 'out'))
  const app = spawn(choice.program, [entry], { stdio: 'inherit' })
  const [code] = (await once(app, 'exit')) as [number | null]
  return code ?? 1
}

async function openInBrowser(why: string): Promise<number> {
  const folder = dataFolder()
  const opened = await openBrowserHost({ anyPort: true }).catch((error: unknown) => {
    if (error instanceof StudioError && error.key === 'studioOpen') return error
    throw error
  })
  // Before the address is told: whoever reads it may stop the studio at once.
  const told = toldToStop()
  const there = opened instanceof StudioError
  const url = there ? await readInvitation(folder) : opened.served.invite()
  if (there && url === null) throw opened
  console.log(there ? `${opened.message} ${opened.hint}` : `Zihua Studio: ${url}  (in the browser: ${why})`)
  // Without a browser to open, the address above is enough.
  openInvitation(folder)
  if (there) return 0
  await told
  await opened.close()
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StudioError)) throw error
  console.error(`zihua: ${error.message} ${error.hint}`)
  process.exitCode = 1
}
