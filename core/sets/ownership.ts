/** Whose files lie in a set's folder: what a set did not write it does not write over. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import { cardsName, deckName } from './cards.ts'
import type { SetDefinition } from './definition.ts'
import { MANIFEST, manifestSchema } from './manifest.ts'
import { WORK_FOLDER } from './state.ts'
import { zipName } from './zip.ts'

type Claimed = Pick<SetDefinition, 'name' | 'zip' | 'deck' | 'cards'>

/** What a set writes beside its pictures: names in its folder, in lower case. */
const BESIDE = /^(?:set\.(?:csv|json)|contact-sheet\.pdf|(?:contact-sheet|grid)-\d{2,}\.png)$/
/** What a set may write under its own name, and may be told to write later. */
const NAMED = /\.(?:zip|apkg)$|-cards\.pdf$/
const OWNER = 'owner.json'

const ownerSchema = z.object({
  /** The name of the set that the folder belongs to. */
  set: z.string(),
  /** Files that were there before it, in lower case, and stay what they are. */
  foreign: z.array(z.string()),
})
type Owner = z.infer<typeof ownerSchema>

/**
 * Makes sure that a set may write into its folder, which from now on is its own. A set of the same name that has changed
 * goes on there.
 * @param overwrite the user has said that whatever lies there may go
 * @throws StudioError 'bad-request': another set, or files that no set wrote
 */
export async function claimFolder(folder: string, definition: Claimed, overwrite: boolean): Promise<void> {
  const obstacle = overwrite ? null : await obstacleIn(folder, definition)
  if (obstacle) throw obstacle
  const owner = await ownerOf(folder)
  const goesOn = owner?.set === definition.name && !overwrite
  const foreign = goesOn
    ? owner.foreign
    : (await namesIn(folder)).filter(name => NAMED.test(name) && !namedAfter(definition).includes(name))
  const claimed: Owner = { set: definition.name, foreign }
  await writeDurably(join(folder, WORK_FOLDER, OWNER), JSON.stringify(claimed))
}

/** Why a set may not write into a folder; null: it may. */
export async function obstacleIn(folder: string, definition: Claimed): Promise<StudioError | null> {
  const owner = await ownerOf(folder)
  if (owner && owner.set !== definition.name) return fault('folderHoldsOtherSet', { folder })
  const named = namedAfter(definition)
  const written = (file: string) => BESIDE.test(file) || named.includes(file)
  const there = (await namesIn(folder)).filter(written)
  const foreign = owner ? there.filter(file => owner.foreign.includes(file)) : there
  return foreign.length > 0 ? fault('folderHolds', { folder, names: foreign.join(', ') }) : null
}

/** Files that a set writes under its own name, in lower case. */
function namedAfter({ name, zip, deck, cards }: Claimed): string[] {
  const files = [
    ...(zip ? [zipName(name)] : []),
    ...(deck ? [deckName(name)] : []),
    ...(cards ? [cardsName(name)] : []),
  ]
  return files.map(file => file.toLowerCase())
}

/** In lower case: some systems make no difference. */
const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).map(name => name.toLowerCase())

/** The set that a folder belongs to; of one that an older version made, what its manifest says. null: none. */
async function ownerOf(folder: string): Promise<Owner | null> {
  const claimed = ownerSchema.safeParse(await readJson(join(folder, WORK_FOLDER, OWNER)).catch(() => null))
  if (claimed.success) return claimed.data
  const manifest = manifestSchema.safeParse(await readJson(join(folder, MANIFEST)).catch(() => null))
  return manifest.success ? { set: manifest.data.name, foreign: [] } : null
}
