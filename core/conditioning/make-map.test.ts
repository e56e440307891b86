import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import type { MapName, Method } from '../contract/vocabulary.ts'
import { StudioError } from '../faults/studio-error.ts'
import { drawWord } from '../glyph/draw.ts'
import { STROKE_TYPES } from '../glyph/types.ts'
import { label } from '../raster/components.ts'
import { dilateRound } from '../raster/dilate.ts'
import { blank } from '../raster/raster.ts'
import { golden, items, pictures } from '../raster/testing-goldens.ts'
import { ALL_CHOICES, makeMap, makeMaps } from './make-map.ts'
import { PAPER, partColour, strokeColour } from './palette.ts'
import { goldenGlyph } from './testing-glyph.ts'
import type { ConditioningMap } from './types.ts'

const skip = pictures.length === 0
const reason = skip ? ' (needs ZIHUA_FIXTURES)' : ''
const computed = ALL_CHOICES.filter(({ method }) => !method.startsWith('ai_'))
const glyph = (word: string, width = 256, height = width) => drawWord(word, DEFAULT_LAYOUT, width, height)
const noModels = mkdtempSync(join(tmpdir(), 'zihua-no-models-'))

/** Every colour of an RGB map with its number of pixels: "r,g,b" → count. */
function colours({ image: { data } }: ConditioningMap): Map<string, number> {
  const found = new Map<string, number>()
  for (let i = 0; i < data.length; i += 3) {
    const key = data.subarray(i, i + 3).join()
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return found
}

describe.skipIf(skip)(`methods equal their golden maps${reason}`, () => {
  const clean = items.filter(({ fg, bg, noise_sigma }) => fg < bg && noise_sigma === 0)
  for (const { id } of clean)
    it(id, async () => {
      const maps = await makeMaps(await goldenGlyph(id), [
        { map: 'canny', method: 'opencv_canny' },
        { map: 'canny', method: 'adaptive_canny' },
        { map: 'canny', method: 'structured_edge_detection' },
        { map: 'depth', method: 'distance_transform_depth' },
        { map: 'depth', method: 'stroke_thickness_depth' },
        { map: 'scribble', method: 'skeletonization_scribble' },
      ])
      const [canny, adaptive, structured, distance, thickness, scribble] = maps.map(({ image }) =>
        Buffer.from(image.data),
      )
      expect(canny.equals((await golden(id, 'canny_raw_l1')).data)).toBe(true)
      expect(adaptive.equals((await golden(id, 'acanny_gradotsu')).data)).toBe(true)
      expect(distance.equals((await golden(id, 'dt_depth8')).data)).toBe(true)
      expect(thickness.equals((await golden(id, 'lthick_depth8')).data)).toBe(true)
      const wanted = (await golden(id, 'ste_nms8')).data
      expect(structured.every((value, i) => Math.abs(value - wanted[i]) <= 1)).toBe(true)
      const skeleton = await golden(id, 'skel_zs_textbook')
      const line = maps[5].parameters['width'] as number
      expect(scribble.equals(dilateRound(skeleton, line).data)).toBe(true)
    })
})

describe('scribbles', () => {
  it('are 13 pixels wide at 1024², 7 at 512²', async () => {
    for (const [side, width] of [
      [1024, 13],
      [512, 7],
    ]) {
      const { parameters } = await makeMap(await glyph('一', side), 'scribble', 'skeletonization_scribble')
      expect(parameters['width']).toBe(width)
    }
  })

  for (const method of ['hand_drawn_simulation', 'style_aware_scribble'] as const) {
    it(`${method}: binary, the same for the same seed, another for another`, async () => {
      const word = await glyph('永')
      const [a, b, c] = await Promise.all([1, 1, 2].map(seed => makeMap(word, 'scribble', method, { seed })))
      expect(new Set(a.image.data)).toEqual(new Set([0, 255]))
      expect(Buffer.compare(a.image.data, b.image.data)).toBe(0)
      expect(Buffer.compare(a.image.data, c.image.data)).not.toBe(0)
    })
  }

  it('hand_drawn_simulation draws every stroke of a word and says what it followed', async () => {
    const { image, basis } = await makeMap(await glyph('三'), 'scribble', 'hand_drawn_simulation')
    expect(basis).toBe('strokes')
    expect(label(image as ReturnType<typeof blank<1>>, 8).count).toBe(3)
    expect((await makeMap(await glyph('Ж'), 'scribble', 'hand_drawn_simulation')).basis).toBe('geometry')
  })

  it('style_aware_scribble: a wider line has more ink, rougher and denser ones are other pictures', async () => {
    const word = await glyph('永')
    const ink = async (scribble: object) => {
      const { image } = await makeMap(word, 'scribble', 'style_aware_scribble', { scribble })
      return image.data.reduce((sum, value) => sum + (value ? 1 : 0), 0)
    }
    const calm = { width: 13, roughness: 0, density: 0 }
    const plain = await ink(calm)
    expect(await ink({ ...calm, width: 26 })).toBeGreaterThan(1.5 * plain)
    expect(await ink({ ...calm, roughness: 1 })).toBeLessThan(plain)
    expect(await ink({ ...calm, density: 1 })).toBeGreaterThan(plain)
  })
})

describe('segmentation', () => {
  it('colours radical and rest of each character, on from one to the next', async () => {
    const made = await makeMap(await glyph('学习'), 'segmentation', 'radical_segmentation')
    expect(made.basis).toBe('strokes')
    expect(made.legend.map(({ meaning, character }) => [meaning, character])).toEqual([
      ['paper', null],
      ['radical', '学'],
      ['rest', '学'],
      ['radical', '习'],
      ['rest', '习'],
    ])
    expect(made.legend.map(({ colour }) => colour)).toEqual([PAPER, ...[0, 1, 2, 3].map(partColour)])
    expect(made.legend.map(({ pixels }) => pixels)).toEqual(
      made.legend.map(({ colour }) => colours(made).get(colour.join())),
    )
    expect(colours(made).size).toBe(5)
  })

  it('the radical of 学 is 子: below, and more than a quarter of the ink', async () => {
    const made = await makeMap(await glyph('学'), 'segmentation', 'radical_segmentation')
    const [radical, rest] = [0, 1].map(k => {
      const wanted = partColour(k).join()
      const rows = []
      for (let i = 0; i < made.image.data.length; i += 3)
        if (made.image.data.subarray(i, i + 3).join() === wanted) rows.push(Math.floor(i / 3 / made.image.width))
      return { count: rows.length, mean: rows.reduce((sum, y) => sum + y, 0) / rows.length }
    })
    expect(radical.mean).toBeGreaterThan(rest.mean + 50)
    expect(radical.count / (radical.count + rest.count)).toBeGreaterThan(0.25)
  })

  it('every stroke of 永 has the colour of its type', async () => {
    const made = await makeMap(await glyph('永'), 'segmentation', 'stroke_type_segmentation')
    const types = made.legend.slice(1).map(({ meaning }) => meaning)
    expect(types).toEqual(STROKE_TYPES.filter(type => types.includes(type)))
    expect(new Set(types)).toEqual(new Set(['dian', 'gou', 'zhe', 'pie', 'na']))
    for (const { colour, meaning } of made.legend.slice(1))
      expect(colour).toEqual(strokeColour(meaning as (typeof STROKE_TYPES)[number]))
  })

  it('knows no radicals in other scripts: connected pieces, "geometry"', async () => {
    const made = await makeMap(await glyph('Й'), 'segmentation', 'radical_segmentation')
    expect(made.basis).toBe('geometry')
    expect(made.legend.map(({ meaning }) => meaning)).toEqual(['paper', 'part', 'part'])
  })

  it('covers exactly the ink', async () => {
    const word = await glyph('龍')
    for (const method of ['radical_segmentation', 'stroke_type_segmentation'] as const) {
      const { image } = await makeMap(word, 'segmentation', method)
      const ink = word.coverage.data.map(value => (value > 127 ? 1 : 0))
      expect(
        ink.every((value, i) => (image.data.subarray(3 * i, 3 * i + 3).join() === PAPER.join() ? 0 : 1) === value),
      ).toBe(true)
    }
  })

  it('has a colour of its own for each of 60 parts', () => {
    const all = Array.from({ length: 60 }, (_, k) => partColour(k).join())
    expect(new Set([...all, PAPER.join()]).size).toBe(61)
  })
})

describe('bad input', () => {
  const fails = async (promise: Promise<unknown>, code: string, message: RegExp) => {
    const error = await promise.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(StudioError)
    expect((error as StudioError).code).toBe(code)
    expect(`${(error as StudioError).message} ${(error as StudioError).hint}`).toMatch(message)
  }

  it('unknown map', async () => {
    await fails(
      makeMap(await glyph('一'), 'toString' as MapName, 'opencv_canny'),
      'bad-request',
      /no map "toString".*canny/,
    )
  })
  it('unknown method', async () => {
    await fails(
      makeMap(await glyph('一'), 'canny', 'sobel' as Method),
      'bad-request',
      /no method "sobel".*adaptive_canny/,
    )
  })
  it("another map's method", async () => {
    await fails(makeMap(await glyph('一'), 'canny', 'ai_depth_estimation'), 'bad-request', /canny has no method/)
  })
  it('blank picture', async () => {
    const paper = { word: '', width: 8, height: 8, coverage: blank(8, 8, 1), characters: [] }
    await fails(makeMap(paper, 'canny', 'opencv_canny'), 'bad-image', /no ink/)
  })
  it('unknown AI model', async () => {
    const options = { depthModel: 'slimsam', modelsFolder: noModels } as const
    await fails(
      makeMap(await glyph('一'), 'depth', 'ai_depth_estimation', options),
      'bad-request',
      /no depth model "slimsam"/,
    )
  })
  it('missing AI model: named, with the command that downloads it', async () => {
    const word = await glyph('一')
    const options = { modelsFolder: noModels }
    const command = (id: string) => new RegExp(`\\(${id}\\).*npm run --silent zihua -- models download ${id}$`)
    await fails(
      makeMap(word, 'depth', 'ai_depth_estimation', options),
      'missing-model',
      command('depth-anything-v2-small'),
    )
    await fails(makeMap(word, 'segmentation', 'ai_segmentation', options), 'missing-model', command('slimsam'))
    const midas = { ...options, depthModel: 'midas-small' } as const
    await fails(makeMap(word, 'depth', 'ai_depth_estimation', midas), 'missing-model', command('midas-small'))
  })
  for (const scribble of [{ width: 0 }, { width: Number.NaN }, { roughness: 2 }, { density: -1 }])
    it(`a scribble style out of range: ${JSON.stringify(scribble)}`, async () => {
      const made = makeMap(await glyph('一'), 'scribble', 'style_aware_scribble', { scribble })
      await fails(made, 'bad-request', new RegExp(`scribble's ${Object.keys(scribble)[0]}`))
    })
  it('cancelled before it began', async () => {
    const options = { signal: AbortSignal.abort() }
    await fails(makeMap(await glyph('一'), 'canny', 'opencv_canny', options), 'cancelled', /cancelled/)
  })
})

describe('the smallest pictures', () => {
  for (const [width, height] of [
    [1, 1],
    [1, 5],
    [7, 1],
    [2, 2],
  ])
    it(`${width}×${height}, all ink: every computed method answers at that size`, async () => {
      const coverage = { ...blank(width, height, 1), data: new Uint8Array(width * height).fill(255) }
      const made = await makeMaps({ word: '', width, height, coverage, characters: [] }, computed)
      for (const { image } of made) expect([image.width, image.height]).toEqual([width, height])
    })
})
