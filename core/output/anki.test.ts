/** Decks are imported by Anki's own library, from PyPI; where it is missing this is said, not passed over. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeDeck } from './anki.ts'
import type { Card } from './card.ts'
import { python } from './testing-python.ts'

let root = ''
let cards: Card[] = []
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-anki-'))
  const paint = async (name: string, background: string) => {
    const file = join(root, name)
    await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toFile(file)
    return file
  }
  const map = {
    name: 'canny',
    png: await sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } })
      .png()
      .toBuffer(),
  }
  cards = [
    {
      word: '学习',
      reading: 'xué xí',
      meaning: 'to study',
      pictures: [await paint('a.png', '#f00'), await paint('b.png', '#0f0')],
      maps: [map],
      style: 'comic',
    },
    {
      word: 'a<b & "c"',
      reading: null,
      meaning: null,
      pictures: [await paint('c.png', '#00f')],
      maps: [],
      style: 'neon',
    },
  ]
})
afterAll(() => rm(root, { recursive: true, force: true }))

const IMPORT = `
import json, os, sys
from anki.collection import Collection, ImportAnkiPackageRequest, ImportAnkiPackageOptions
folder = sys.argv[1]
c = Collection(os.path.join(folder, 'c.anki2'))
out = []
for file in sys.argv[2:]:
    r = c.import_anki_package(ImportAnkiPackageRequest(package_path=file, options=ImportAnkiPackageOptions()))
    out.append([len(r.log.new), len(r.log.updated), len(r.log.duplicate)])
cards = [c.get_card(i) for i in c.find_cards('')]
print(json.dumps({'log': out, 'notes': c.note_count(), 'decks': sorted({c.decks.name(k.did) for k in cards}),
  'fields': [list(c.get_note(n).fields) for n in c.find_notes('')],
  'sides': [[k.question(), k.answer()] for k in cards],
  'media': sorted(os.listdir(c.media.dir())), 'missing': list(c.media.check().missing),
  'integrity': c.fix_integrity()[1]}))
`

const anki = python('anki')
it.skipIf(anki === null)(
  "is imported by Anki's own library, twice without a second copy (needs Python with anki)",
  async () => {
    const file = join(root, 'lesson.apkg')
    await writeFile(file, await writeDeck(cards, 'Zihua::Lesson 1'))
    const script = join(root, 'import.py')
    await writeFile(script, IMPORT)
    const found = JSON.parse(execFileSync(anki!, [script, root, file, file], { encoding: 'utf8' }))
    expect(found.log[0]).toEqual([2, 0, 0])
    expect(found.log[1][0]).toBe(0)
    expect(found.notes).toBe(2)
    expect(found.decks).toEqual(['Zihua::Lesson 1'])
    expect(found.sides).toHaveLength(4)
    expect(found.media).toHaveLength(4)
    expect(found.missing).toEqual([])
    expect(found.integrity).toBe(true)
    const study = found.fields.find(([word]: string[]) => word === '学习')
    expect(study.slice(0, 3)).toEqual(['学习', 'xué xí', 'to study'])
    expect(study[3].match(/<img [^>]*alt="学习, comic">/g)).toHaveLength(2)
    const sides: string[] = found.sides.flat()
    expect(sides.filter(side => side.includes('to study') && !side.includes('<hr'))).toHaveLength(1)
    expect(sides.some(side => side.includes('a&lt;b &amp; &quot;c&quot;'))).toBe(true)
  },
)

it('is the same file for the same words', async () => {
  const deck = await writeDeck(cards, 'Lesson 1')
  expect(Buffer.compare(Buffer.from(deck), Buffer.from(await writeDeck(cards, 'Lesson 1')))).toBe(0)
})
