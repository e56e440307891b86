/** Motifs: found by meaning in three languages, drawn as lines and shapes, taken from files, set around a word. */
import { describe, expect, it } from 'vitest'
import { MOTIF_LAYOUTS } from '../contract/vocabulary.ts'
import { arrange, roomFor } from './arrange.ts'
import { findMotifs, proposeMotifs } from './motifs.ts'
import { MOST_SVG_BYTES, motifFromSvg } from './svg.ts'
import { compose, draw, motif, UPRIGHT, word } from './testing.ts'

const plain = (emoji: string) => emoji.replace(/\ufe0f/g, '')
const firstOf = async (text: string) => (await findMotifs(text, 3)).map(({ emoji }) => plain(emoji))

describe('found', () => {
  it.each([
    ['cat', '🐈'],
    ['кошка', '🐈'],
    ['猫', '🐈'],
    ['dragons', '🐉'],
    ['дракон', '🐉'],
    ['🐟', '🐟'],
  ])('%s', async (text, emoji) => expect(await firstOf(text)).toContain(emoji))

  it.each([
    ['学习', 'study; to learn', '📚'],
    ['山', 'mountain', '⛰'],
    ['龙', 'dragon', '🐉'],
    ['', 'hello', '👋'],
    ['любовь', 'love', '❤'],
    ['春', 'spring (season)', '🌸'],
  ])('proposed for %s, %s', async (word, meaning, emoji) => {
    expect((await proposeMotifs(word, meaning, 12)).map(({ emoji }) => plain(emoji))).toContain(emoji)
  })

  it.each([
    ['любовь', 'love', '❤'],
    ['月亮', 'moon', '🌙'],
    ['音乐', 'music', '🎵'],
    ['花', 'flower', '🌸'],
  ])('first of all for %s, %s', async (word, meaning, emoji) => {
    expect((await proposeMotifs(word, meaning, 3)).map(({ emoji }) => plain(emoji))[0]).toBe(emoji)
  })

  it('nothing for what nobody draws', async () => expect(await findMotifs('qqqq')).toEqual([]))
})

it('a shape is fuller than its line drawing, and keeps its details', async () => {
  const ink = async (form: string) => {
    const { coverage } = await draw(compose(motif({ source: { emoji: '🐱', form } })))
    return coverage.data.filter(v => v > 127).length
  }
  const [line, filled, disc] = [await ink('line'), await ink('filled'), (Math.PI / 4) * (0.8 * 256) ** 2]
  expect(filled).toBeGreaterThan(1.8 * line)
  expect(filled).toBeLessThan(disc)
})

describe('an SVG file of one’s own', () => {
  const svg = (inside: string, head = '') =>
    new TextEncoder().encode(`${head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">${inside}</svg>`)
  const inkOf = async (inside: string) => {
    const { path } = motifFromSvg(svg(inside), 'x.svg')
    const { coverage } = await draw(compose(motif({ source: { path } })))
    return coverage.data.filter(v => v > 127).length / (0.8 * 256) ** 2
  }

  it.each([
    ['a rectangle', '<rect x="1" y="1" width="8" height="8"/>', 1],
    ['a circle', '<circle cx="5" cy="5" r="3"/>', Math.PI / 4],
    ['an arc of a path', '<path d="M0 5a5 5 0 0 1 10 0z"/>', Math.PI / 8],
    ['relative and short commands', '<path d="m0 0h8v8h-8z m2 2v4h4v-4z"/>', 0.75],
    ['turned groups', '<g transform="rotate(45 5 5)"><rect x="3" y="3" width="4" height="4"/></g>', 0.5],
    ['a polygon', '<polygon points="0,0 10,0 0,10"/>', 0.5],
    ['words about it', '<title>x</title><metadata><rdf:RDF/></metadata><rect width="4" height="4"/>', 1],
    ['hidden parts', '<rect width="4" height="4"/><rect fill="none" width="400" height="4"/>', 1],
  ])('%s', async (_, inside, share) => expect(await inkOf(inside)).toBeCloseTo(share, 1))

  it.each([
    ['a script', '<script>alert(1)</script><rect width="1" height="1"/>', 'svgHoldsMore'],
    ['a picture', '<image href="file:///etc/passwd"/>', 'svgHoldsMore'],
    ['a reference', '<use href="http://example.com/#a"/>', 'svgHoldsMore'],
    ['a foreign object', '<foreignObject><body/></foreignObject>', 'svgHoldsMore'],
    ['text', '<text>a</text>', 'svgHoldsMore'],
    ['lines alone', '<path fill="none" stroke="#000" d="M0 0L5 5"/>', 'svgWithoutPaths'],
    ['nothing', '', 'svgWithoutPaths'],
    ['numbers that are none', '<rect width="NaN" height="1"/>', 'svgUnreadable'],
    ['numbers beyond all bounds', '<path d="M0 0L1e999 0L0 1Z"/>', 'svgUnreadable'],
    ['a path that is none', '<path d="M0 0 hello"/>', 'svgUnreadable'],
    ['a transform that is none', '<g transform="url(#x)"><rect width="1" height="1"/></g>', 'svgUnreadable'],
    ['markup that does not close', '<g><rect width="1" height="1"/>', 'svgUnreadable'],
  ])('%s is refused', (_, inside, key) => {
    expect(() => motifFromSvg(svg(inside), 'x.svg')).toThrow(expect.objectContaining({ key }))
  })

  it('what the parser said ends with one full stop', () => {
    expect(() => motifFromSvg(new TextEncoder().encode('no SVG'), 'x.svg')).toThrow(/outside of root node\.$/)
  })

  it('a bomb of entities is refused before it grows', () => {
    const bomb = `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY b${i} "&a;&a;">`).join('')}]>`
    expect(() => motifFromSvg(svg('&b8;', bomb), 'x.svg')).toThrow(expect.objectContaining({ key: 'svgHoldsMore' }))
  })

  it('too large, too deep, no SVG at all', () => {
    const key = (of: string) => expect.objectContaining({ key: of })
    expect(() => motifFromSvg(new Uint8Array(MOST_SVG_BYTES + 1), 'x.svg')).toThrow(key('svgTooLarge'))
    expect(() => motifFromSvg(svg('<g>'.repeat(200) + '</g>'.repeat(200)), 'x.svg')).toThrow(key('svgUnreadable'))
    expect(() => motifFromSvg(new Uint8Array([0x89, 0x50, 0x4e, 0x47]), 'x.svg')).toThrow(key('svgUnreadable'))
    expect(() => motifFromSvg(new TextEncoder().encode('<html></html>'), 'x.svg')).toThrow(key('svgUnreadable'))
  })
})

describe('set around a word', () => {
  const motifs = [
    { source: { emoji: '🐱', form: 'filled', weight: 400 } as const, name: 'cat' },
    { source: { emoji: '🐟', form: 'line', weight: 400 } as const, name: 'fish' },
  ]
  const arranged = async (layout: (typeof MOTIF_LAYOUTS)[number], seed = 1, aspect = 1) => {
    const room = roomFor(compose(word({ transform: { ...UPRIGHT, scale: [0.84, 0.84] } }), motif()), layout)
    const glyph = await draw(room, Math.round(192 * aspect), 192)
    return arrange(room, glyph, { layout, motifs, seed, aspect })
  }

  it.each(MOTIF_LAYOUTS)('%s: motifs lie on the canvas, are told apart, and hide nothing of the word', async layout => {
    for (const aspect of [1, 1.5]) {
      const composition = await arranged(layout, 1, aspect)
      const { composed } = await draw(composition, Math.round(256 * aspect), 256)
      const [words, others] = [true, false].map(is => composed!.blocks.filter(({ kind }) => (kind === 'word') === is))
      expect(words).toHaveLength(1)
      expect(others.length).toBeGreaterThanOrEqual(layout === 'behind' || layout === 'beside' ? 1 : 3)
      for (const { ink, corners } of others) {
        expect(ink).toBeGreaterThan(20)
        for (const [x, y] of corners) {
          expect(x).toBeGreaterThan(-0.05 * 256)
          expect(x).toBeLessThan((aspect + 0.05) * 256)
          expect(y).toBeGreaterThan(-0.05 * 256)
          expect(y).toBeLessThan(1.05 * 256)
        }
      }
      if (layout !== 'inside') expect(words[0].hidden).toBe(0)
      else expect(words[0].hidden).toBeLessThan(0.2)
    }
  })

  it.each([
    ['a square', '学', 1],
    ['a wide canvas', '学', 1.6],
    ['a long word', 'birthday', 1],
    ['a word that was moved into a corner', '学', 1],
  ])('beside: one large motif that shares the canvas with its word: %s', async (name, text, aspect) => {
    const place = name.endsWith('corner') ? { ...UPRIGHT, x: 0.9, y: 0.1, rotation: 20 } : UPRIGHT
    const room = roomFor(compose(word({ source: { text }, transform: place })), 'beside')
    const glyph = await draw(room, Math.round(192 * aspect), 192)
    const composition = arrange(room, glyph, { layout: 'beside', motifs, seed: 1, aspect })
    const { coverage, composed } = await draw(composition, Math.round(256 * aspect), 256)
    const [drawn, own] = composed!.blocks
    expect([drawn.kind, own.kind, composed!.blocks.length]).toEqual(['motif', 'word', 2])
    // Both whole on the canvas: no ink at its edges.
    const edge = coverage.data.filter((value, i) => value > 0 && (i < coverage.width || i % coverage.width === 0))
    expect(edge).toHaveLength(0)
    expect(composition.blocks[0].transform.scale[0]).toBeGreaterThan(0.36)
    const heights = own.corners.map(([, y]) => y)
    const widths = own.corners.map(([x]) => x)
    const long = Math.max(Math.max(...heights) - Math.min(...heights), Math.max(...widths) - Math.min(...widths))
    expect(long).toBeGreaterThan(0.4 * 256)
  })

  it('a layout after another one has the word in the middle again', async () => {
    const first = await arranged('beside')
    const { x, y } = first.blocks.at(-1)!.transform
    expect(Math.hypot(x - 0.5, y - 0.5)).toBeGreaterThan(0.1)
    expect(roomFor(first, 'corners').blocks[0].transform).toMatchObject({ x: 0.5, y: 0.5, scale: [0.62, 0.62] })
  })

  it('beside several words: where most room is left', async () => {
    const at = (y: number) => ({ ...UPRIGHT, y, scale: [0.4, 0.4] })
    const blocks = [word({ source: { text: 'cat' }, transform: at(0.15) }), word({ transform: at(0.35) })]
    const room = roomFor(compose(...blocks), 'beside')
    const glyph = await draw(room, 192, 192)
    const { blocks: all } = arrange(room, glyph, { layout: 'beside', motifs, seed: 1, aspect: 1 })
    expect(all).toHaveLength(3)
    expect(all.slice(1)).toEqual(room.blocks)
    expect(all[0].transform.y).toBeGreaterThan(0.6)
    expect(all[0].transform.scale[0]).toBeGreaterThan(0.3)
  })

  it('the same seed gives the same places, another one others', async () => {
    expect(await arranged('scatter', 7)).toEqual(await arranged('scatter', 7))
    expect(await arranged('scatter', 8)).not.toEqual(await arranged('scatter', 7))
  })
})
