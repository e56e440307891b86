/** The built page carries no fonts: each of its addresses leads to a file that the host has, of exactly that name. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import about from '../../package.json' with { type: 'json' }
import { PAGE_FONTS, pageFont } from './page-fonts.ts'
import { ensureRenderer } from './renderer-build.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zihua-fonts-'))
  await ensureRenderer(undefined, join(folder, 'built'))
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

it('every font of the built page is a file of a package that is installed with the studio', async () => {
  const built = join(folder, 'built')
  const fonts = JSON.parse(readFileSync(join(built, PAGE_FONTS), 'utf8')) as Record<string, [string, string]>
  expect(Object.keys(fonts).length).toBeGreaterThan(400)
  for (const [address, [name]] of Object.entries(fonts)) {
    expect(Object.keys(about.dependencies)).toContain(name)
    expect([address, existsSync(join(built, address))]).toEqual([address, false])
    expect([address, existsSync((await pageFont(built, address))!)]).toEqual([address, true])
  }
})

it('and no other path leads into a package', async () => {
  for (const path of ['/assets/x.woff2', '/__proto__', '/constructor', '/assets/../../package.json'])
    expect(await pageFont(join(folder, 'built'), path)).toBeNull()
  expect(await pageFont(join(folder, 'none'), '/assets/x.woff2')).toBeNull()
})
