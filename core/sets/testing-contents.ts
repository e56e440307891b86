/** For tests: what a set's folder holds, to compare two of them. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { sha256 } from '../files/hashes.ts'

/** Name → hash of every file but the journal. The manifest without the times that its pictures took. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const name = relative(folder, join(entry.parentPath, entry.name))
    if (!entry.isFile() || name.startsWith('.zihua')) continue
    const bytes = await readFile(join(folder, name))
    const timeless = /^set\.json$/.test(name) ? bytes.toString().replace(/"milliseconds": [\d.]+/g, '') : bytes
    // A ZIP holds the manifest, times and all; its own list is compared instead.
    contents[name] = name.endsWith('.zip') ? 'zip' : sha256(timeless)
  }
  return Object.fromEntries(Object.entries(contents).sort(([a], [b]) => (a < b ? -1 : 1)))
}
