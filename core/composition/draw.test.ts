/** Compositions as ink: beside an independent renderer and closed forms; layers and gaps; words in lines. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type Block, compositionSchema, type Warp } from '../contract/composition.ts'
import { fromPathData, toPathData } from '../glyph/outline.ts'
import { flatten } from '../glyph/polygon.ts'
import { outlineOf } from './block-outline.ts'
import { matrixOf } from './place.ts'
import { compose, draw, drawing, motif, UPRIGHT, word, written } from './testing.ts'
import { planeMapOf, warpOutline } from './warp.ts'

/** The same outline under an SVG matrix: the renderer places it, not we. */
async function independent(block: Block, width: number, height: number): Promise<Uint8Array> {
  const { pieces } = await outlineOf(block, written)
  const matrix = matrixOf(block.transform, width, height).join(' ')
  const d = pieces.map(piece => toPathData(piece, 8)).join('')
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%"/>` +
    `<g transform="matrix(${matrix})"><path fill="#fff" d="${d}"/></g></svg>`
  return sharp(Buffer.from(svg)).extractChannel(0).raw().toBuffer()
}

describe('placement', () => {
  it.each([
    ['a word', word(), { x: 0.4, y: 0.55, scale: [0.6, 0.5], rotation: 23 }],
    ['a mirrored motif', motif(), { x: 0.7, y: 0.3, scale: [-0.5, 0.7], rotation: -140.5 }],
    ['a drawing half outside', drawing(), { x: 0.05, y: 0.9, scale: [1.3, 0.8], rotation: 301 }],
  ])('%s equals the outline that an SVG renderer places, within one level', async (_, block, transform) => {
    const composition = compose({ ...block, transform })
    const { coverage } = await draw(composition, 320, 256)
    const other = await independent(composition.blocks[0], 320, 256)
    const most = coverage.data.reduce((max, value, i) => Math.max(max, Math.abs(value - other[i])), 0)
    expect(most).toBeLessThanOrEqual(1)
    expect(coverage.data.some(value => value === 255)).toBe(true)
  })

  it('is the same picture at any size', async () => {
    const composition = compose(word({ transform: { ...UPRIGHT, rotation: 12 } }))
    const [small, large] = [await draw(composition, 128, 128), await draw(composition, 512, 512)]
    const shrunk = await sharp(large.coverage.data, { raw: { width: 512, height: 512, channels: 1 } })
      .resize(128, 128, { kernel: 'linear' })
      .extractChannel(0)
      .raw()
      .toBuffer()
    const off = small.coverage.data.reduce((sum, value, i) => sum + Math.abs(value - shrunk[i]), 0) / (255 * 128 * 128)
    expect(off).toBeLessThan(0.01)
  })
})

describe('warps', () => {
  const box = { x0: -0.5, y0: -0.25, x1: 0.5, y1: 0.25 }
  /** A grid of lines through the box. */
  const grid = fromPathData(
    Array.from({ length: 5 }, (_, i) => {
      const [x, y] = [-0.5 + i / 4, -0.25 + i / 8]
      return `M${x} -0.25L${x} 0.25M-0.5 ${y}L0.5 ${y}`
    }).join(''),
  )
  /** Four cubics within 3·10⁻⁴ of a circle of radius 0.2. */
  const k = 0.2 * 0.5522847498
  const circle = fromPathData(
    `M0.2 0C0.2 ${k} ${k} 0.2 0 0.2C${-k} 0.2 -0.2 ${k} -0.2 0C-0.2 ${-k} ${-k} -0.2 0 -0.2C${k} -0.2 0.2 ${-k} 0.2 0Z`,
  )

  it.each<[string, Warp, (x: number, y: number) => [number, number]]>([
    [
      'arc',
      { kind: 'arc', angle: 180 },
      (x, y) => {
        // Half a circle of radius 1 / π around (0, 0.25 + 1 / π), on which the lower edge lies.
        const r = 1 / Math.PI + 0.25 - y
        return [r * Math.sin(x * Math.PI), 0.25 + 1 / Math.PI - r * Math.cos(x * Math.PI)]
      },
    ],
    [
      'arc downwards',
      { kind: 'arc', angle: -90 },
      (x, y) => {
        const r = 2 / Math.PI + 0.25 + y
        return [r * Math.sin((x * Math.PI) / 2), -0.25 - 2 / Math.PI + r * Math.cos((x * Math.PI) / 2)]
      },
    ],
    [
      'wave',
      { kind: 'wave', amplitude: 0.1, waves: 4, phase: 0.25 },
      (x, y) => [x, y + 0.1 * Math.sin(2 * Math.PI * (4 * (x + 0.5) + 0.25))],
    ],
    [
      'envelope',
      {
        kind: 'envelope',
        corners: [
          [0.1, -0.2],
          [0, 0],
          [-0.2, 0.3],
          [0, 0],
        ],
        top: -0.5,
        bottom: 0.25,
      },
      (x, y) => {
        const [s, t] = [x + 0.5, 2 * y + 0.5]
        const up = [-0.4 + 0.9 * s, -0.35 + 0.1 * s - s * (1 - s)]
        const down = [-0.5 + 0.8 * s, 0.25 + 0.15 * s + 0.5 * s * (1 - s)]
        return [up[0] + (down[0] - up[0]) * t, up[1] + (down[1] - up[1]) * t]
      },
    ],
  ])('%s: points as the closed form has them, a grid and a circle drawn along it', (_, warp, form) => {
    const map = planeMapOf(warp, box)
    for (const [x, y] of [
      [0, 0],
      [-0.5, -0.25],
      [0.5, 0.25],
      [0.3, -0.1],
      [-0.11, 0.2],
    ]) {
      const [a, b] = [map(x, y), form(x, y)]
      expect(a[0]).toBeCloseTo(b[0], 9)
      expect(a[1]).toBeCloseTo(b[1], 9)
    }
    for (const shape of [grid, circle]) {
      // Both drawn as many small pieces: the bent cubics, and the closed form of the unbent shape.
      const bent = flatten(toPathData(warpOutline(shape, map, box), 6), 20)
      const straight = flatten(toPathData(shape, 6), 100)
      for (const [i, line] of bent.entries()) {
        const exact = denser(straight[i], 1600).map(([x, y]) => form(x, y))
        for (let at = 0; at < line.length; at += 2) expect(away(line[at], line[at + 1], exact)).toBeLessThan(5e-5)
      }
    }
  })

  /** A polyline with about so many points. */
  const denser = (line: number[], count: number): [number, number][] => {
    const pieces = Math.ceil(count / (line.length / 2 - 1))
    const points: [number, number][] = []
    for (let i = 0; i + 3 < line.length; i += 2)
      for (let n = 0; n < pieces; n++)
        points.push([
          line[i] + ((line[i + 2] - line[i]) * n) / pieces,
          line[i + 1] + ((line[i + 3] - line[i + 1]) * n) / pieces,
        ])
    points.push([line.at(-2)!, line.at(-1)!])
    return points
  }
  /** Distance of a point from a polyline. */
  const away = (x: number, y: number, line: [number, number][]) => {
    let least = Infinity
    for (let i = 0; i + 1 < line.length; i++) {
      const [[ax, ay], [bx, by]] = [line[i], line[i + 1]]
      const length = (bx - ax) ** 2 + (by - ay) ** 2
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
      least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
    }
    return least
  }

  it('never folds: a square block may bend all the way round', async () => {
    const { coverage } = await draw(compose(word({ warp: { kind: 'arc', angle: 340 } })))
    expect(coverage.data.some(value => value === 255)).toBe(true)
  })
})

describe('layers', () => {
  it('a word keeps the shape behind it away, by the gap', async () => {
    const composition = compose(motif({ transform: { ...UPRIGHT, scale: [0.95, 0.95] } }), word())
    const { coverage, composed } = await draw(composition)
    const alone = await draw(compose(word()))
    const [behind, front] = composed!.blocks
    expect(composed!.owners.filter(owner => owner === 2).length).toBeGreaterThan(0.98 * front.ink)
    expect(behind.hidden).toBeGreaterThan(0.1)
    expect(behind.hiddenBy).toEqual([1])
    // Beside the word's ink there is paper before the motif begins.
    for (let i = 257; i < coverage.data.length - 257; i++) {
      const near = [i - 1, i + 1, i - 256, i + 256]
      if (alone.coverage.data[i] > 127 && near.some(at => composed!.owners[at] === 1)) throw new Error(`pixel ${i}`)
    }
  })

  it('a block that hides the word is told', async () => {
    const { composed } = await draw(compose(word(), motif({ transform: { ...UPRIGHT, scale: [0.4, 0.4] } })))
    expect(composed!.blocks[0]).toMatchObject({ hiddenBy: [1] })
    expect(composed!.blocks[0].hidden).toBeGreaterThan(0.03)
  })

  it('a block without control takes no part', async () => {
    const with0 = await draw(compose(word(), motif({ control: 0 })))
    const without = await draw(compose(word()))
    expect(Buffer.from(with0.coverage.data).equals(Buffer.from(without.coverage.data))).toBe(true)
    expect(with0.composed!.blocks).toHaveLength(1)
  })
})

describe('words in lines', () => {
  const inkOf = async (source: object) => {
    const composition = compose({ kind: 'word', source })
    const { characters, composed } = await draw(composition, 512, 512)
    return { characters, composed: composed! }
  }

  it('Enter breaks a line; alignment moves the shorter one', async () => {
    const starts = async (align: string) => {
      const { characters } = await inkOf({ text: 'ab\nabcdef', writing: { align } })
      return characters[0].cell.x - characters[2].cell.x
    }
    expect(await starts('left')).toBeCloseTo(0, 0)
    expect(await starts('center')).toBeGreaterThan(40)
    expect(await starts('right')).toBeGreaterThan((await starts('center')) * 1.7)
  })

  it('long words break where their language lets them, or stay whole where that is asked for', async () => {
    const lines = async (text: string, wrap: number | null) => {
      const { characters } = await inkOf({ text, writing: { wrap } })
      return new Set(characters.map(({ cell }) => Math.round((cell.y + cell.height) / 40))).size
    }
    expect(await lines('HAPPY NEW YEAR', null)).toBe(1)
    expect(await lines('HAPPY NEW YEAR', 1)).toBe(3)
    expect(await lines('ADVENTURE', 1)).toBe(1)
  })

  it("a block's own direction goes before the request's: down, and into a grid", async () => {
    const shape = async (direction: string) => {
      const { composed } = await inkOf({ text: '学习', writing: { direction } })
      const { frame } = composed.blocks[0]
      return (frame.x1 - frame.x0) / (frame.y1 - frame.y0)
    }
    expect(await shape('horizontal')).toBeGreaterThan(1.8)
    expect(await shape('vertical')).toBeLessThan(0.6)
    expect(await shape('vertical')).not.toBeCloseTo(await shape('grid'), 1)
  })

  it.each([null, { kind: 'arc', angle: 90 }] as (Warp | null)[])(
    'Latin letters stand below each other, bent by %j',
    async warp => {
      const shape = async (direction: string) => {
        const block = word({ source: { text: 'cat', writing: { direction } }, warp } as Partial<Block>)
        const { frame } = (await draw(compose(block), 512, 512)).composed!.blocks[0]
        return (frame.x1 - frame.x0) / (frame.y1 - frame.y0)
      }
      expect(await shape('horizontal')).toBeGreaterThan(1.2)
      expect(await shape('vertical')).toBeLessThan(0.7)
    },
  )

  it('letters and lines are set apart as asked', async () => {
    const shape = async (writing: object) => {
      const { composed } = await inkOf({ text: 'nn\nnn', writing })
      const { frame } = composed.blocks[0]
      return (frame.x1 - frame.x0) / (frame.y1 - frame.y0)
    }
    const plain = await shape({})
    expect(await shape({ letterSpacing: 0.5 })).toBeGreaterThan(plain * 1.2)
    expect(await shape({ lineSpacing: 2 })).toBeLessThan(plain * 0.8)
  })

  it('tells how wide the strokes are', async () => {
    const width = async (scale: number) =>
      (await draw(compose(word({ transform: { ...UPRIGHT, scale: [scale, scale] } })), 512, 512)).composed!.blocks[0]
        .strokeWidth
    const [large, small] = [await width(0.8), await width(0.2)]
    expect(large / small).toBeGreaterThan(3.2)
    expect(large / small).toBeLessThan(4.8)
    expect(large).toBeGreaterThan(25)
    expect(large).toBeLessThan(50)
  })
})

describe('refused', () => {
  it.each([
    ['no blocks', { blocks: [] }],
    ['an unknown kind', { blocks: [{ kind: 'video', source: {}, transform: UPRIGHT }] }],
    ['a scale of nothing', { blocks: [word({ transform: { ...UPRIGHT, scale: [0, 1] } })] }],
    ['numbers that are none', { blocks: [word({ transform: { ...UPRIGHT, x: 'NaN' } })] }],
    ['a field that is not known', { blocks: [word({ transform: UPRIGHT, onClick: 'alert(1)' })] }],
    ['more blocks than a designer places', { blocks: Array(49).fill(word({ transform: UPRIGHT })) }],
  ])('%s', (_, composition) => {
    expect(compositionSchema.safeParse(composition).success).toBe(false)
  })

  it.each([
    ['a path with an arc', 'M0 0A1 1 0 0 1 2 2', 'motifPathWrong'],
    ['a path that is markup', '"/><script>1</script><path d="', 'motifPathWrong'],
    ['a path without an inside', 'M0 0L1 0Z', 'blockHasNoInk'],
  ])('%s', async (_, path, key) => {
    await expect(draw(compose({ kind: 'motif', source: { path } }))).rejects.toMatchObject({ key })
  })

  it('nothing that takes part', async () => {
    await expect(draw(compose(word({ control: 0 })))).rejects.toMatchObject({ key: 'canvasEmpty' })
  })
})
