/** Words that other programs' users reported as drawn wrongly, and siblings of each. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LAYOUT, type Layout } from '../contract/request.ts'
import { drawWord } from './draw.ts'
import { inkBoxOf } from './ink-box.ts'
import { labelGlyph } from './labels.ts'
import { maskOf } from './mask.ts'
import type { Glyph } from './types.ts'

const require = createRequire(import.meta.url)
const fixture = (name: string) => new URL(`../../fixtures/shaping/${name}`, import.meta.url).pathname

const draw = (word: string, layout: Partial<Layout> = {}, width = 512, height = 512) =>
  drawWord(word, { ...DEFAULT_LAYOUT, ...layout }, width, height)
const chars = ({ characters }: Glyph) => characters.map(({ char }) => char).join(' ')
const families = ({ characters }: Glyph) => [...new Set(characters.map(({ font }) => font.name))]
const refusal = (word: string, layout: Partial<Layout> = {}) =>
  draw(word, layout).then(
    () => null,
    error => ({ code: error.code, message: error.message, hint: error.hint }),
  )
/** Where a character's ink lies, canvas pixels. */
const inkOf = (path: string) => {
  const v = path.match(/-?\d+(\.\d+)?/g)!.map(Number)
  const along = (axis: number) => v.filter((_, i) => i % 2 === axis)
  const [xs, ys] = [along(0), along(1)]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

describe('a mark stands with its letter', () => {
  it.each(['x̌', 'u̇', 'k̓', 'm̐', 'ы̆', 'а̊', 'г̌', 'q̇'])('%s: above it', async word => {
    const glyph = await draw(word)
    expect(chars(glyph)).toBe(word)
    const plain = inkBoxOf(maskOf(await draw([...word][0], { font: 'noto-sans' })))!
    const marked = inkBoxOf(maskOf(glyph))!
    expect(marked.height / marked.width).toBeGreaterThan((1.1 * plain.height) / plain.width)
  })

  it.each(['e\u0302\u0301', 'a\u0306\u0323', 'o\u031b\u0309', 'a\u0301\u0302\u0323'])(
    '%s: its marks in any number, as macOS parts them',
    async word => {
      const [parted, whole] = await Promise.all([draw(word), draw(word.normalize('NFC'))])
      expect(chars(parted)).toBe(word)
      expect(parted.characters[0].path).toBe(whole.characters[0].path)
    },
  )

  it.each(['s̱', 'r̥', 't͡ʃ'])('%s is drawn', async word => {
    expect(chars(await draw(word)).replaceAll(' ', '')).toBe(word)
  })
})

describe('direction', () => {
  it.each([
    ['۱۲۳', '۱ ۲ ۳'],
    ['١٢٣', '١ ٢ ٣'],
    ['سال ۱۴۰۳', '۱ ۴ ۰ ۳ ل ا س'],
    ['سعر ١٢٣', '١ ٢ ٣ ر ع س'],
    ['صفحه ۱۲', '۱ ۲ ه ح ف ص'],
    ['Hello שלום עולם', 'H e l l o ם ל ו ע ם ו ל ש'],
    ['שלום Hello עולם', 'ם ל ו ע H e l l o ם ו ל ש'],
  ])('%s', async (word, expected) => {
    const { characters } = await draw(word, {}, 3072, 256)
    expect(
      characters
        .sort((a, b) => a.cell.x - b.cell.x)
        .map(({ char }) => char)
        .join(' '),
    ).toBe(expected)
  })

  it('a right-to-left phrase stays one where it is broken into lines', async () => {
    const { characters } = await draw('Hello שלום עולם', {}, 300, 512)
    const line = (char: string) => characters.find(character => character.char === char)!.cell
    expect(line('ש').x).toBeGreaterThan(line('ל').x)
  })

  it.each([
    ['(سلام)', '('],
    ['«سلام»', '«'],
    ['[שלום]', '['],
    ['{كتاب}', '{'],
  ])('%s: the bracket that opens looks back at the word', async (word, open) => {
    const { characters } = await draw(word, {}, 1024, 256)
    const last = characters.reduce((a, b) => (a.cell.x > b.cell.x ? a : b))
    expect(last.char).toBe(open)
    // Read from the left it is the closing form.
    const bulge = async (char: string) => shapeOf((await draw(char, {}, 256, 256)).characters[0].path)
    const close = word.at(-1)!
    expect(shapeOf(last.path)).toEqual(await bulge(close))
  })

  it('letters stand in a column and in a grid in the order in which they are read', async () => {
    const column = (await draw('שלום', { direction: 'vertical' })).characters
    expect(column.sort((a, b) => a.cell.y - b.cell.y).map(({ char }) => char)).toEqual([...'שלום'])
    const [first, second] = (await draw('שלום', { direction: 'grid' })).characters.sort((a, b) => b.cell.x - a.cell.x)
    expect([...'שו']).toContain(first.char)
    expect([...'שו']).toContain(second.char)
  })
})

/** The drawing's commands and, in tenths of its box, its points: the same for one shape at any size and place. */
function shapeOf(path: string) {
  const { left, right, top, bottom } = inkOf(path)
  return path.replace(/-?\d+(\.\d+)? -?\d+(\.\d+)?/g, pair => {
    const [x, y] = pair.split(' ').map(Number)
    return `${Math.round((5 * (x - left)) / (right - left))},${Math.round((5 * (y - top)) / (bottom - top))} `
  })
}

describe('the form that was typed', () => {
  it('a compatibility ideograph keeps its own glyph, and the word its own letters', async () => {
    const [old, plain] = await Promise.all(['\ufa19', '\u795e'].map(word => draw(word, { font: 'noto-sans-jp' })))
    expect(old.word).toBe('\ufa19')
    expect(old.characters[0].path).not.toBe(plain.characters[0].path)
    expect((await draw('\ufa19')).characters[0].path).toBe(old.characters[0].path)
  })

  it('where no font has it, the character that it stands for is drawn', async () => {
    const [old, plain] = await Promise.all(['\ufa19', '\u795e'].map(word => draw(word, { font: 'noto-sans-sc' })))
    expect(old.characters[0].path).toBe(plain.characters[0].path)
    expect(old.characters[0].char).toBe('\ufa19')
  })

  it.each(['辻\u{e0100}', '葛\u{e0100}'])('%s: the selector chooses the variant', async word => {
    const [variant, plain] = await Promise.all([word, [...word][0]].map(w => draw(w, { font: 'noto-sans-jp' })))
    expect(variant.characters[0].path).not.toBe(plain.characters[0].path)
    expect((await draw(word)).characters[0].path).toBe(variant.characters[0].path)
  })

  it('a variant that no font has is refused by name', async () => {
    expect(await refusal('学\u{e01ef}')).toMatchObject({
      code: 'missing-glyph',
      message: expect.stringMatching(/^No font has this form of the character 学\u{e01ef} \(U\+5B66 U\+E01EF\): /u),
    })
  })

  it.each(['❤\ufe0f', '❤\ufe0e'])('%s: a choice between outline and colour is no variant', async word => {
    expect(chars(await draw(word))).toBe(word)
  })

  it.each(['\ufa19', '\u2f00', '辻\u{e0100}'])('strokes of %s are those of the character it stands for', async word => {
    const { basis } = await labelGlyph(await draw(word, {}, 320, 320))
    expect(basis).toBe('strokes')
  })
})

describe('in a column', () => {
  const tall = async (word: string, char: string, font: string | null) => {
    const { characters } = await draw(word, { direction: 'vertical', font }, 256, 1024)
    return characters.filter(character => character.char.startsWith(char)).map(({ path }) => inkOf(path))
  }
  it.each([
    ['爱——恨', '—', null],
    ['爱——恨', '—', 'noto-sans-sc'],
    ['愛——恨', '—', 'noto-sans-jp'],
    ['爱…', '…', null],
    ['爱……', '…', 'noto-sans-sc'],
    ['东–西', '–', null],
    ['爱──恨', '─', null],
    ['愛━恨', '━', 'noto-sans-jp'],
    ['爱⁓恨', '⁓', null],
    ['学～习', '～', 'noto-sans-sc'],
    ['ラーメン', 'ー', null],
    ['ｶﾀｶﾅｰ', 'ｰ', null],
    ['あ|い', '|', null],
  ])('%s: %s runs down (%s)', async (word, char, font) => {
    const boxes = await tall(word, char, font)
    expect(boxes.length).toBeGreaterThan(0)
    // The vertical bar lies where it stood.
    const [long, wide] = char === '|' ? (['left', 'right'] as const) : (['top', 'bottom'] as const)
    for (const box of boxes)
      expect(Math.abs(box[wide] - box[long])).toBeGreaterThan(
        2 * (char === '|' ? box.bottom - box.top : box.right - box.left),
      )
  })

  it.each(['（', '「', '《', '['])('%s opens downwards', async open => {
    const word = `${open}学`
    const [box] = await tall(word, open, null)
    const flat = inkOf((await draw(word, {}, 1024, 256)).characters[0].path)
    expect((box.right - box.left) / (box.bottom - box.top)).toBeGreaterThan(
      (flat.right - flat.left) / (flat.bottom - flat.top),
    )
  })

  it('letters, their apostrophes and full stops stand', async () => {
    const upright = (await draw('don’t.', { direction: 'vertical' })).characters
    const across = (await draw('don’t.', {}, 2048, 512)).characters
    expect(upright.map(({ path }) => shapeOf(path))).toEqual(across.map(({ path }) => shapeOf(path)))
  })

  it('joined letters lie down together', async () => {
    const { characters } = await draw('سلام', { direction: 'vertical' })
    const [first, second] = characters
    expect(second.cell.y).toBeCloseTo(first.cell.y + first.cell.height, 1)
    expect(second.cell.x).toBeCloseTo(first.cell.x, 1)
  })
})

describe('emoji', () => {
  it.each(['🐱', '👩‍🚀', '👨‍👩‍👧', '👋🏽', '🇺🇸', '1️⃣', '❤️'])('%s is one character of Noto Emoji', async word => {
    const glyph = await draw(word)
    expect(chars(glyph)).toBe(word)
    expect(families(glyph)).toEqual(['Noto Emoji 700'])
  })

  it('beside a word, in lighter weights too', async () => {
    const [light, bold] = await Promise.all([300, 700].map(weight => draw('猫🐱', { weight })))
    expect(families(bold)).toEqual(['Noto Sans SC 700', 'Noto Emoji 700'])
    const ink = (glyph: Glyph) => maskOf(glyph).data.reduce((sum, v) => sum + v, 0)
    expect(ink(bold)).toBeGreaterThan(1.2 * ink(light))
  })
})

describe('a font that lacks characters', () => {
  const layout = { font: 'ma-shan-zheng' }

  it('says which, and offers another font for them', async () => {
    expect(await refusal('学龍x̌', layout)).toMatchObject({
      code: 'missing-glyph',
      message: 'No outline for 龍 (U+9F8D), x̌ (U+0078 U+030C) in Ma Shan Zheng.',
      hint: expect.stringContaining('another font'),
    })
  })

  it('with fallback, others draw them and nothing else', async () => {
    const glyph = await draw('学龍', { ...layout, fallback: true })
    expect(glyph.characters.map(({ font }) => font.name)).toEqual(['Ma Shan Zheng Regular', 'Noto Sans SC 700'])
    const path = join(
      dirname(require.resolve('@expo-google-fonts/noto-sans/package.json')),
      '400Regular/NotoSans_400Regular.ttf',
    )
    const own = await draw('Brand学', { font: path, fallback: true })
    expect(families(own)).toEqual(['Noto Sans Regular', 'Noto Sans SC 700'])
  })

  it('what none has is refused by name', async () => {
    expect(await refusal('学\u{10fffd}', { ...layout, fallback: true })).toMatchObject({ code: 'missing-glyph' })
  })
})

describe('fonts with something missing', () => {
  it('a symbol font is looked up where it keeps its characters', async () => {
    expect(chars(await draw('LOVE', { font: fixture('symbol.ttf') }))).toBe('L O V E')
    expect(await refusal('学', { font: fixture('symbol.ttf') })).toMatchObject({ code: 'missing-glyph' })
  })

  it('a font of coloured pictures is refused as what it is', async () => {
    expect(await refusal('A', { font: fixture('colour.ttf') })).toMatchObject({
      code: 'missing-glyph',
      message: expect.stringContaining('has no outline for A'),
      hint: expect.stringContaining('coloured pictures'),
    })
  })
})
