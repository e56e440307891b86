/** Pictures of former weights of the draft model, made again on another machine from their PNG alone. */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Studio } from '../generate/studio.ts'
import { DRAFT, draftFolder } from '../machine/draft-folder.ts'
import { FormerDraft, formerName } from '../machine/former-draft.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { Library } from './library.ts'

/** Made before the decoder was trained on. */
const old = join(ownFixtures, 'draft', 'watercolor-永.png')
const FIRST = 'ed77768fdd7358a120c5cbd4353c5ebf895e9c14e6651209a70c0e51afa450fa'

let root = ''
let library: Library
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-former-'))
  library = await Library.open(join(root, 'data'))
})
afterAll(async () => {
  library.close()
  await rm(root, { recursive: true, force: true })
})

describe('a picture of former weights', () => {
  it('is replayed to the byte, and not by the present ones', { timeout: 300_000 }, async () => {
    await using studio = new Studio({ dataFolder: join(root, 'data') })
    const replay = await library.replay(old)
    expect(replay.missing).toEqual([])
    expect(replay.request).toMatchObject({ model: formerName(FIRST), controlnet: null, vae: null })
    const paint = async (model: string) =>
      (await studio.generator.generateFrom({ ...replay.request, model }, { base: root }))[0]
    const again = await paint(replay.request.model!)
    const pixels = await sharp(old).raw().toBuffer()
    const present = await paint(DRAFT)
    // On another processor sums round otherwise; the decoders differ by far more.
    const isSameMachine = again.made?.fingerprint === replay.record!.made!.fingerprint
    expect(furthest(again.image.data, pixels)).toBeLessThanOrEqual(isSameMachine ? 0 : 3)
    expect(furthest(present.image.data, pixels)).toBeGreaterThan(8)
    expect(again.draft).toBe(true)

    const { id } = await library.add(again, { base: root, legibility: null })
    const twice = await library.replay(library.pathOf(id))
    expect(twice).toMatchObject({ missing: [], request: { model: formerName(FIRST) } })
    expect(twice.record!.weights).toEqual(
      replay.record!.weights.map(({ files, role, sha256 }) => expect.objectContaining({ files, role, sha256 })),
    )
  })
})

describe('former models', () => {
  it('are put together once, whole, and known by their hash and name', async () => {
    const former = new FormerDraft(join(root, 'other'))
    expect(await former.hashes()).toContain(FIRST)
    expect(await former.hashNamed('draft@ed77768fdd73')).toBe(FIRST)
    expect(await former.hashNamed('draft@000000000000')).toBeNull()
    expect(await former.folderOf('0'.repeat(64))).toBeNull()
    const [folder, same] = await Promise.all([former.folderOf(FIRST), former.folderOf(FIRST)])
    expect(same).toBe(folder)
    for (const sha256 of await former.hashes())
      expect((await library.hashes.tree((await former.folderOf(sha256))!)).sha256).toBe(sha256)
    const left = await readdir(join(root, 'other', 'former-draft'))
    expect(left.filter(name => name.includes('part'))).toEqual([])
  })

  it('a damaged or missing file of the installation is named', async () => {
    const source = join(root, 'draft')
    await cp(draftFolder, source, { recursive: true, filter: path => !path.includes('training') })
    await writeFile(join(source, 'tokenizer', 'vocab.json'), '{}')
    await expect(new FormerDraft(join(root, 'third'), source).folderOf(FIRST)).rejects.toThrow(/vocab\.json is damaged/)
    await rm(join(source, 'former'), { recursive: true })
    await mkdir(join(source, 'former'))
    expect(await new FormerDraft(join(root, 'third'), source).hashes()).toEqual([])
    await writeFile(join(source, 'former', 'index.json'), '[{ "files": { "../x.json": "0" } }]')
    await expect(new FormerDraft(join(root, 'third'), source).hashes()).rejects.toThrow(/index\.json is damaged/)
  })
})

/** Largest difference of two pictures' bytes. */
function furthest(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
