/** Versions of a picture: what was painted from it, and from that. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Library } from './library.ts'
import { WordPainter } from './testing.ts'

let root = ''
let library: Library
let painter: WordPainter
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-versions-'))
  const model = join(root, 'model.safetensors')
  await writeFile(model, 'weights')
  painter = new WordPainter(model)
  library = await Library.open(join(root, 'data'))
})
afterAll(async () => {
  library.close()
  await rm(root, { recursive: true, force: true })
})

async function add(parent: string | null): Promise<string> {
  const [picture] = await painter.generate({ word: '学', width: 64, height: 64, model: 'draft', parent })
  return (await library.add(picture, { base: root, legibility: null })).id
}

it('are the same whichever of them is asked, the oldest first, also after the index was made anew', async () => {
  const first = await add(null)
  const other = await add(null)
  const second = await add(first)
  const third = await add(second)
  const branch = await add(first)
  const family = [first, second, third, branch]
  for (const id of family) expect(library.index.families.versionsOf(id)).toEqual(family)
  expect(library.index.families.versionsOf(other)).toEqual([other])
  await library.rebuild()
  expect(library.index.families.versionsOf(branch)).toEqual(family)
  await library.trash([second])
  expect(library.index.families.versionsOf(third)).toEqual([first, third, branch])
  await library.purge([second])
  // The chain is broken where a picture was deleted for good.
  expect(library.index.families.versionsOf(third)).toEqual([third])
  expect(library.index.families.versionsOf(branch)).toEqual([first, branch])
})

it('of a picture that names itself, or a ring of others, come to an end', async () => {
  const [a, b] = [await add(null), await add(null)]
  const setParent = library.index.database.prepare(
    "UPDATE pictures SET request = json_set(request, '$.parent', ?) WHERE id = ?",
  )
  setParent.run(b, a)
  setParent.run(a, b)
  expect(library.index.families.versionsOf(a).sort()).toEqual([a, b].sort())
})
