/** Damaged files are kept, under a name with the time, and never stand in the way of a new one. */
import { existsSync, renameSync } from 'node:fs'

/** Renames a damaged file so that its name says when: "x.db.damaged-20261129-184502". @returns the new path */
export function putAside(file: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
  let aside = `${file}.damaged-${time}`
  for (let n = 2; existsSync(aside); n++) aside = `${file}.damaged-${time}-${n}`
  renameSync(file, aside)
  return aside
}

/** The same for a file that the studio can do without, whether or not it can be renamed. @returns null where not */
export function putAsideQuietly(file: string): string | null {
  try {
    return putAside(file)
  } catch {
    return null
  }
}
