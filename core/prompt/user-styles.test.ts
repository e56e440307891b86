import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { BUILT_IN_STYLES, builtInStyle } from './styles.ts'
import { MAX_STYLE_BYTES, StyleLibrary } from './user-styles.ts'

const comic = builtInStyle('comic')!
const mine = { ...comic, id: 'my-comic', name: { en: 'Mine', ru: 'Моё', zh: '我的' } }
let data: string
let library: StyleLibrary
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'zihua-styles-'))
  library = new StyleLibrary(data)
})
const put = async (name: string, content: string | Buffer) => {
  await mkdir(library.folder, { recursive: true })
  await writeFile(join(library.folder, name), content)
}
const text = (style: object) => JSON.stringify(style)
const files = () => readdir(library.folder).catch(() => [])

describe('the library', () => {
  it('has the built-in styles before anything is saved', async () => {
    const { styles, problems } = await library.list()
    expect(styles.map(({ style }) => style)).toEqual(BUILT_IN_STYLES)
    expect(problems).toEqual([])
    expect(await library.get('comic')).toEqual(comic)
    expect(await readdir(data)).toEqual([])
  })
  it('saves, lists, replaces and removes', async () => {
    expect(await library.save(mine)).toEqual(mine)
    expect(await new StyleLibrary(data).get('my-comic')).toEqual(mine)
    await library.save({ ...mine, steps: 7 })
    expect((await library.list()).styles.at(-1)).toEqual({ style: { ...mine, steps: 7 }, origin: 'user' })
    expect(await files()).toEqual(['my-comic.json'])
    await library.remove('my-comic')
    expect(await files()).toEqual([])
    await expect(library.get('my-comic')).rejects.toMatchObject({ code: 'bad-style' })
  })
  it('an unknown id names the nearest', async () => {
    await library.save(mine)
    const hint = (id: string) => library.get(id).catch((error: { hint: string }) => error.hint)
    expect(await hint('watercolour')).toContain('watercolor')
    expect(await hint('my-comik')).toContain('my-comic')
    expect(await hint('Comic')).toContain('comic')
    expect(await hint('')).toContain('nearest')
    expect(await hint('x'.repeat(100_000))).toContain('nearest')
  })
  it.each(['../secret', '..', '/etc/passwd', 'a/b', 'my-comic.json', '__proto__', 'constructor', '\u0000'])(
    'the id %j finds and removes nothing',
    async id => {
      await library.save(mine)
      await writeFile(join(data, 'secret.json'), text({ ...mine, id: 'secret' }))
      await expect(library.get(id)).rejects.toMatchObject({ code: 'bad-style' })
      await expect(library.remove(id)).rejects.toMatchObject({ code: 'bad-style' })
      await expect(library.export(id)).rejects.toMatchObject({ code: 'bad-style' })
      expect(await readdir(data)).toEqual(['secret.json', 'styles'])
    },
  )
  it('built-in styles cannot be overwritten or removed', async () => {
    await expect(library.save({ ...comic, steps: 3 })).rejects.toMatchObject({ code: 'bad-style' })
    await expect(library.remove('comic')).rejects.toMatchObject({ code: 'bad-style' })
    expect(await files()).toEqual([])
  })
  it.each(['../up', 'a/b', '.hidden', 'con', 'lpt1', '', 'A', 'a'.repeat(41), '__proto__'])(
    'a style with the id %j is not saved',
    async id => {
      await expect(library.save({ ...mine, id })).rejects.toMatchObject({ code: 'bad-style' })
      expect(await readdir(data)).toEqual([])
    },
  )
  it('a folder that cannot be written is said', async () => {
    await writeFile(library.folder, 'a file where the folder should be')
    await expect(library.save(mine)).rejects.toMatchObject({ code: 'cannot-write' })
    await expect(library.list()).rejects.toMatchObject({ code: 'bad-style' })
    expect(await library.get('comic')).toEqual(comic)
  })
})

describe('a file that is no style is reported, and the others are there', () => {
  const cases: [string, string, string | Buffer, RegExp][] = [
    ['not JSON', 'broken.json', '{"id": "broken"', /not JSON/],
    ['empty', 'empty.json', '', /not JSON/],
    ['a list', 'list.json', '[]', /list\.json/],
    ['null', 'null.json', 'null', /null\.json/],
    ['an id that climbs out', 'path.json', text({ ...mine, id: '../../path' }), /"id"/],
    ['another id than its name', 'other.json', text(mine), /holds the style "my-comic"/],
    ['a built-in id', 'comic.json', text({ ...comic, steps: 3 }), /studio's own/],
    [
      'prototype keys',
      'proto.json',
      `{"__proto__": {"id": "proto"}, ${text({ ...mine, id: 'proto' }).slice(1)}`,
      /proto/,
    ],
    ['a constructor', 'ctor.json', text({ ...mine, id: 'ctor', constructor: { prototype: {} } }), /constructor/],
    ['an unknown placeholder', 'holder.json', text({ ...mine, id: 'holder', template: '{meaning} {x}' }), /\{x\}/],
    ['huge', 'huge.json', `${' '.repeat(MAX_STYLE_BYTES)}${text({ ...mine, id: 'huge' })}`, /larger than 64 KB/],
    ['deeply nested', 'deep.json', '['.repeat(30_000) + ']'.repeat(30_000), /deep\.json/],
    ['not UTF-8', 'bytes.json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /cannot be read/],
  ]
  it.each(cases)('%s', async (_, name, content, message) => {
    await library.save(mine)
    await put(name, content)
    const { styles, problems } = await library.list()
    expect(styles.length).toBe(BUILT_IN_STYLES.length + 1)
    expect(problems).toMatchObject([
      { file: join(library.folder, name), error: { code: 'bad-style', message: expect.stringMatching(message) } },
    ])
    expect(({} as Record<string, unknown>)['id']).toBeUndefined()
  })
  it('a folder and a dead link', async () => {
    await mkdir(join(library.folder, 'folder.json'), { recursive: true })
    await symlink(join(data, 'nowhere'), join(library.folder, 'link.json'))
    expect((await library.list()).problems.map(({ error }) => error.code)).toEqual(['bad-style', 'bad-style'])
  })
  it('what is still being written, and other files, are not looked at', async () => {
    await put('.x.json.incomplete', '{')
    await put('.hidden.json', '{')
    await put('readme.txt', 'hello')
    expect((await library.list()).problems).toEqual([])
  })
  it('getting it says why', async () => {
    await put('broken.json', '{')
    await expect(library.get('broken')).rejects.toMatchObject({ code: 'bad-style', message: /not JSON/ })
  })
})

describe('import and export', () => {
  it('what was exported comes in elsewhere as it was', async () => {
    await library.save(mine)
    const exported = await library.export('my-comic')
    const other = new StyleLibrary(await mkdtemp(join(tmpdir(), 'zihua-styles-')))
    expect(await other.import(`\ufeff${exported}`)).toMatchObject({
      style: mine,
      renamedFrom: null,
      alreadyThere: false,
    })
    expect(await other.export('my-comic')).toBe(exported)
    expect(await readFile(join(other.folder, 'my-comic.json'), 'utf8')).toBe(exported)
  })
  it('from a file', async () => {
    const file = join(data, 'a style.json')
    await writeFile(file, text(mine))
    expect((await library.importFile(file)).style).toEqual(mine)
    await expect(library.importFile(join(data, 'none.json'))).rejects.toMatchObject({ code: 'bad-style' })
    await expect(library.importFile(data)).rejects.toMatchObject({ code: 'bad-style' })
  })
  it('the very same style changes nothing', async () => {
    await library.save(mine)
    expect(await library.import(text(mine))).toMatchObject({ alreadyThere: true, renamedFrom: null })
    expect(await library.import(text(comic))).toMatchObject({ alreadyThere: true })
    expect(await files()).toEqual(['my-comic.json'])
  })
  it('a taken id gets a number, the names too, and that is said', async () => {
    const changed = { ...comic, steps: 3 }
    const first = await library.import(text(changed))
    expect(first).toMatchObject({ renamedFrom: 'comic', style: { ...changed, id: 'comic-2', name: { en: 'Comic 2' } } })
    expect(first.message).toContain('comic-2')
    expect((await library.import(text({ ...comic, steps: 4 }))).style.id).toBe('comic-3')
    expect(await files()).toEqual(['comic-2.json', 'comic-3.json'])
  })
  it('a damaged file keeps its place', async () => {
    await put('my-comic.json', '{')
    expect((await library.import(text(mine))).style.id).toBe('my-comic-2')
    expect(await readFile(join(library.folder, 'my-comic.json'), 'utf8')).toBe('{')
  })
  it('the longest id and names still find room for their number', async () => {
    const long = { ...mine, id: 'a'.repeat(40), name: { en: 'b'.repeat(60), ru: 'в'.repeat(60), zh: '字'.repeat(60) } }
    await library.save(long)
    const { style } = await library.import(text({ ...long, steps: 3 }))
    expect(style.id).toBe(`${'a'.repeat(38)}-2`)
    expect(style.name.en).toBe(`${'b'.repeat(58)} 2`)
  })
  it('a huge text', async () => {
    await expect(library.import(' '.repeat(MAX_STYLE_BYTES + 1))).rejects.toMatchObject({
      message: /larger than 64 KB/,
    })
  })
  it('a text that is no style writes nothing', async () => {
    await expect(library.import('hello')).rejects.toMatchObject({ code: 'bad-style' })
    await expect(library.import(text({ ...mine, template: 'no meaning' }))).rejects.toMatchObject({ code: 'bad-style' })
    expect(await files()).toEqual([])
  })
})
