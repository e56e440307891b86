import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'
import { findManifest, licenceText, listManifests, readDownloadManifest, sizeOf } from './manifest.ts'

const folder = await mkdtemp(join(tmpdir(), 'zihua-manifest-'))
const FILE = { path: 'a.safetensors', url: 'https://example.org/a', size: 1, sha256: 'a'.repeat(64) }
const WHOLE = { id: 'mine', name: 'Mine', kind: 'model', licence: 'MIT', revision: 'main', files: [FILE] }

async function read(json: object) {
  const file = join(folder, 'manifest.json')
  await writeFile(file, JSON.stringify(json))
  return readDownloadManifest(file)
}

describe('a manifest', () => {
  it('is read with its known fields, and nulls where nothing is known', async () => {
    expect(await read(WHOLE)).toMatchObject({ id: 'mine', licence: [{ name: 'MIT' }] })
    const bare = {
      ...WHOLE,
      licence: undefined,
      revision: null,
      files: [{ path: 'a/b.json', url: FILE.url, size: null }],
    }
    expect(await read(bare)).toMatchObject({ licence: [], files: [{ path: 'a/b.json', size: null }] })
  })

  it.each([
    ['no files', { files: [] }],
    ['a path out of the folder', { files: [{ ...FILE, path: '../a' }] }],
    ['an absolute path', { files: [{ ...FILE, path: '/etc/passwd' }] }],
    ['a path with a drive', { files: [{ ...FILE, path: 'C:\\a' }] }],
    ['a hidden file', { files: [{ ...FILE, path: '.bashrc' }] }],
    ['a reserved name', { files: [{ ...FILE, path: 'con/a' }] }],
    ['a path twice', { files: [FILE, { ...FILE, path: 'A.safetensors' }] }],
    ['another protocol', { files: [{ ...FILE, url: 'file:///etc/passwd' }] }],
    ['no address', { files: [{ ...FILE, url: 'a' }] }],
    ['a short hash', { files: [{ ...FILE, sha256: 'abc' }] }],
    ['a negative size', { files: [{ ...FILE, size: -1 }] }],
    ['an id that climbs', { id: '../up' }],
    ['no name', { name: '' }],
  ])('with %s is refused by name', async (_, wrong) => {
    await expect(read({ ...WHOLE, ...wrong })).rejects.toMatchObject({ key: 'downloadManifestWrong' })
  })
})

describe('the studio’s own manifests', () => {
  it('are valid, and every hash and size is the published one', async () => {
    const all = await listManifests(folder)
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(['sdxl', 'controlnet-union-promax', 'cuda-runtime']))
    const sdxl = await findManifest(folder, 'sdxl')
    expect(sizeOf(sdxl).bytes).toBeGreaterThan(9e9)
    for (const { files } of all) for (const { size, sha256 } of files) expect(size == null).toBe(sha256 == null)
    await expect(findManifest(folder, 'nothing')).rejects.toMatchObject({ key: 'downloadUnknown' })
  })

  const index = fixture('real-size/headers/index.json')
  it.skipIf(!index)('agree with the published sizes and hashes (needs ZIHUA_FIXTURES)', async () => {
    const { default: heads } = (await import(index!, { with: { type: 'json' } })) as {
      default: { published_file?: { file: string; bytes: number; sha256?: string } }[]
    }
    const { files } = await findManifest(folder, 'sdxl')
    const published = new Map(
      heads.flatMap(({ published_file: one }) => (one?.sha256 ? [[one.sha256, one] as const] : [])),
    )
    const weights = files.filter(({ path }) => path.endsWith('.safetensors'))
    expect(weights.length).toBe(5)
    for (const { url, size, sha256 } of weights) {
      const one = published.get(sha256!)
      expect(one?.bytes).toBe(size)
      // "REPOSITORY @REVISION PATH"
      expect(one!.file.split(' ').every(part => url.includes(part.replace('@', '')))).toBe(true)
    }
  })

  it('bring the text of licences that the studio carries', async () => {
    const { licence } = await findManifest(folder, 'sdxl')
    const texts = await Promise.all(licence.map(licenceText))
    expect(texts.map(text => text?.slice(0, 6) ?? null)).toEqual([null, 'MIT Li', 'Apache'])
    expect(await licenceText({ name: '', of: '', url: '', text: '../../package.json' })).toBeNull()
  })
})
