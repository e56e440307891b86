/** Finds out whether the desktop app can be opened, without require('electron'), which would download its program. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasDesktop } from '../core/server/invitation.ts'

export type Platform = NodeJS.Platform

/** What `npm start` opens. */
export type Choice = { kind: 'electron'; program: string } | { kind: 'browser'; why: string }

/**
 * Path of Electron's program, or null where it is not installed.
 * @param folder the electron package; its path.txt names the program once it has been downloaded
 */
export function findElectron(folder: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const named = join(folder, 'path.txt')
  if (!existsSync(named)) return null
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
  const program = join(dist, readFileSync(named, 'utf8').trim())
  return existsSync(program) ? program : null
}

export function choose(program: string | null, env = process.env, platform: Platform = process.platform): Choice {
  if (env['ZIHUA_BROWSER']) return { kind: 'browser', why: 'ZIHUA_BROWSER asks for the browser' }
  if (!hasDesktop(env, platform)) return { kind: 'browser', why: 'there is no display for a window' }
  if (!program) return { kind: 'browser', why: "Electron's program is not installed; npx install-electron fetches it" }
  return { kind: 'electron', program }
}
