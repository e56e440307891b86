import { fault } from '../../../faults/fault.ts'
import { dataFolder } from '../../../files/data-folder.ts'
import { ModelRegistry } from '../../../machine/registry.ts'
import { scanModels } from '../../../machine/scan.ts'
import { stopSignal } from '../../../server/told-to-stop.ts'
import { isFolder } from '../../check-place.ts'
import { gigabytes } from './download.ts'

/** zihua models scan [FOLDER] [--add]: models of other programs, which stay where they are. */
export async function scan(folder: string | undefined, add: boolean, json: boolean): Promise<void> {
  if (folder !== undefined && !(await isFolder(folder))) throw fault('noSuchFolder', { folder })
  const registry = new ModelRegistry(dataFolder())
  const { found, looked } = await scanModels({
    signal: stopSignal(),
    ...(folder !== undefined && { folders: [folder] }),
  })
  const known = new Set((await registry.all()).map(({ path }) => path))
  if (add) for (const { kind, path, name } of found) if (!known.has(path)) await registry.add(path, { kind, id: name })
  if (json) return console.log(JSON.stringify({ looked, found, added: add }))
  for (const { kind, path, bytes, program } of found)
    console.log(
      `${kind.padEnd(11)} ${gigabytes(bytes).padStart(7)} GB  ${path}  (${program}${known.has(path) ? ', known' : ''})`,
    )
  console.log(
    found.length === 0
      ? `Nothing found in ${looked.join(', ') || 'any folder of another program'}.`
      : `${found.length} found; zihua models scan --add uses them where they are.`,
  )
}
