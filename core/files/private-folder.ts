/** The data folder is its owner's alone: it holds what was written, whatever the system's usual permissions are. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files by which a folder is known as the studio's own. */
const OURS = ['library.db', 'queue.db', 'settings.json', 'models.json']

/**
 * Makes the folder, or takes other users' rights from one that is the studio's; its own files likewise. A folder that
 * holds anything else (somebody named the home folder, or a shared one) keeps its rights. Does nothing on Windows, where
 * the folder lies in the user's profile.
 */
export function keepPrivate(folder: string): void {
  if (process.platform === 'win32') return
  try {
    const isNew = !existsSync(folder)
    makePrivateFolder(folder)
    if (!isNew && !OURS.some(name => existsSync(join(folder, name)))) return
    const { mode, uid } = statSync(folder)
    if (uid !== process.getuid?.() || mode & 0o1000) return
    if ((mode & 0o077) !== 0) chmodSync(folder, mode & 0o700)
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isFile()) chmodSync(join(folder, entry.name), 0o600)
  } catch {
    // Another system's disk, or another user's folder: whoever opens a file in it says what is wrong.
  }
}

/**
 * One level at a time: in /proc, which takes no folders, Node's recursive mkdir never returns.
 * @throws the system's error
 */
export function makePrivateFolder(folder: string): void {
  if (isFolder(folder)) return
  const above = dirname(folder)
  if (above !== folder) makePrivateFolder(above)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another program may have made it meanwhile.
    if (!isFolder(folder)) throw error
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
