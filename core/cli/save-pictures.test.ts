import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { MAX_NAME_BYTES } from '../files/safe-name.ts'
import type { GeneratedPicture } from '../generate/ai-image-generator.ts'
import { savePictures } from './save-pictures.ts'

const root = mkdtempSync(join(tmpdir(), 'zihua-names-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const picture = (word: string | null, style: string, seed: number) =>
  ({ request: { word, style, seed } }) as unknown as GeneratedPicture

async function nameOf(word: string | null, style = 'comic', seed = 1): Promise<string> {
  const [file] = await savePictures([picture(word, style, seed)], root, async () => new Uint8Array(1))
  return basename(file)
}

it('ordinary words have the names that they always had', async () => {
  const words = ['学习', 'a/b', 'NUL', 'end.', '你好 世界', '5', null]
  expect(await Promise.all(words.map(word => nameOf(word)))).toEqual([
    ...['学习-comic-1.png', 'a_b-comic-1.png', 'NUL-comic-1.png', 'end.-comic-1.png', '你好 世界-comic-1.png'],
    ...['5-comic-1.png', 'picture-comic-1.png'],
  ])
})

it('a long word is cut, style and seed are not: the next picture does not replace it', async () => {
  const long = '学'.repeat(64)
  const names = [await nameOf(long, 'watercolor', 1), await nameOf(long, 'watercolor', 2), await nameOf(long)]
  expect(new Set(names).size).toBe(3)
  expect(names[1]).toMatch(/^学{35}-watercolor-2\.png$/)
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_NAME_BYTES + '.png'.length)
  expect(readdirSync(root)).toEqual(expect.arrayContaining(names))
})

it('"-5" does not get the name of "5"', async () => {
  expect([await nameOf('-5'), await nameOf('...x')]).toEqual(['_5-comic-1.png', '___x-comic-1.png'])
})
