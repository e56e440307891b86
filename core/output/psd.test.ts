/** Layered files are opened by psd-tools, from PyPI; where it is missing this is said, not passed over. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { drawWord } from '../glyph/draw.ts'
import { maskOf } from '../glyph/mask.ts'
import type { Glyph } from '../glyph/types.ts'
import { painted } from '../raster/distortions.ts'
import { writeLayered } from './psd.ts'
import { python } from './testing-python.ts'
import { partsOf, writeSvg } from './vector.ts'

const SIDE = 128
let root = ''
let glyph: Glyph
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-psd-'))
  glyph = await drawWord('学习', DEFAULT_LAYOUT, SIDE, SIDE)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const OPEN = `
import json, sys
import numpy
from psd_tools import PSDImage
psd = PSDImage.open(sys.argv[1])
layers = [{'name': l.name, 'kind': l.kind, 'visible': l.visible, 'size': list(l.size),
  'children': [c.name for c in l] if l.is_group() else []} for l in psd]
word = [l for l in psd if l.name == 'Word'][0].numpy()
outline = [l for l in psd if l.name == 'Outline'][0]
paths = [[[k.anchor[1], k.anchor[0]] for k in p] for p in outline.vector_mask.paths]
laid = psd.composite(force=True).convert('RGB')
print(json.dumps({'size': list(psd.size), 'layers': layers, 'alpha': [float(word[..., 3].min()), float(word[..., 3].max())],
  'paths': paths, 'laid': [list(laid.getpixel((x, y))) for x, y in [(2, 2), (64, 64), (30, 64)]],
  'xmp': 'alt text' in str(psd.image_resources.get_data(1060))}))
`

const psdTools = python('psd_tools')
it.skipIf(psdTools === null)(
  'psd-tools opens it: layers, alpha, maps, path, alt text (needs Python with psd-tools)',
  async () => {
    const mask = maskOf(glyph)
    const picture = painted(glyph.coverage, [200, 40, 30], [240, 235, 220])
    const maps = ['Edges', 'Depth', 'Parts', 'Lines'].map(name => ({ name, image: mask }))
    const file = join(root, 'layers.psd')
    await writeFile(file, writeLayered({ picture, mask, maps, parts: partsOf(glyph), xmp: '<x>alt text</x>' }))
    const script = join(root, 'open.py')
    await writeFile(script, OPEN)
    const found = JSON.parse(execFileSync(psdTools!, [script, file], { encoding: 'utf8' }))
    expect(found.size).toEqual([SIDE, SIDE])
    expect(found.layers.map(({ name, visible }: { name: string; visible: boolean }) => [name, visible])).toEqual([
      ['Picture', true],
      ['Ground', true],
      ['Word', true],
      ['Outline', false],
      ['Maps', false],
    ])
    expect(found.layers[3].kind).toBe('shape')
    expect(found.layers[4].children).toEqual(['Edges', 'Depth', 'Parts', 'Lines'])
    expect(found.alpha).toEqual([0, 1])
    expect(found.xmp).toBe(true)
    // What is laid together from the layers is the picture.
    const at = (x: number, y: number) => [...picture.data.subarray(3 * (y * SIDE + x), 3 * (y * SIDE + x) + 3)]
    for (const [i, [x, y]] of [
      [2, 2],
      [64, 64],
      [30, 64],
    ].entries())
      for (let c = 0; c < 3; c++) expect(Math.abs(found.laid[i][c] - at(x, y)[c])).toBeLessThan(8)
    // The path lies on the ink: its knots are where the drawn word has its extent, in parts of the picture.
    const knots: [number, number][] = found.paths.flat()
    const inked = [...mask.data.entries()]
      .filter(([, v]) => v > 0)
      .map(([i]) => [(i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE])
    for (const axis of [0, 1]) {
      const extent = (points: number[][]) => [
        Math.min(...points.map(p => p[axis])),
        Math.max(...points.map(p => p[axis])),
      ]
      const [a, b] = [extent(knots), extent(inked)]
      expect(a[0]).toBeCloseTo(b[0], 1)
      expect(a[1]).toBeCloseTo(b[1], 1)
    }
  },
)

it('an SVG of the word draws the ink that the maps are drawn from', async () => {
  const svg = writeSvg({ width: SIDE, height: SIDE, alt: 'a<b & "学习"' }, partsOf(glyph))
  expect(svg).toContain('aria-label="a&lt;b &amp; &quot;学习&quot;"')
  expect(svg.match(/<path /g)!.length).toBe(2)
  const { data } = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer({ resolveWithObject: true })
  let differs = 0
  for (let i = 0; i < data.length; i++) if (Math.abs(data[i] - glyph.coverage.data[i]) > 64) differs++
  expect(differs / data.length).toBeLessThan(0.01)
})
