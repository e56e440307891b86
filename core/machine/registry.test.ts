import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ModelRegistry } from './registry.ts'

const folder = () => mkdtemp(join(tmpdir(), 'zihua-registry-'))
const ids = async (registry: ModelRegistry) => (await registry.list()).map(({ id }) => id)

describe('models of one’s own', () => {
  it('added at once are all kept, each under a name of its own, and forgotten alone', async () => {
    const dataFolder = await folder()
    const registry = new ModelRegistry(dataFolder)
    const paths = ['/a/red.safetensors', '/b/red.safetensors', '/a/blue', '/a/blue']
    await Promise.all(paths.map(path => registry.add(path)))
    expect(await ids(registry)).toEqual(['draft', 'red', 'red-2', 'blue'])
    await Promise.all([registry.remove('red'), registry.remove('blue')])
    expect(await ids(new ModelRegistry(dataFolder))).toEqual(['draft', 'red-2'])
    await expect(registry.remove('red')).rejects.toThrow(/red/)
  })

  it('a damaged list is put aside, never written over', async () => {
    const dataFolder = await folder()
    await writeFile(join(dataFolder, 'models.json'), '[{')
    expect((await new ModelRegistry(dataFolder).list()).map(({ id }) => id)).toEqual(['draft'])
    const aside = (await readdir(dataFolder)).find(name => name !== 'models.json' && name.startsWith('models'))!
    expect(await readFile(join(dataFolder, aside), 'utf8')).toBe('[{')
  })
})
