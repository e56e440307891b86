import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeText } from './encoding.ts'

const list = (...words: string[]) => `word,translation\n${words.map(word => `${word},love`).join('\n')}\n`
const read = (text: string, encoding: string) => decodeText(iconv.encode(text, encoding), 'list.csv')

describe('alphabets whose bytes are Russian letters too', () => {
  const LANGUAGES: [string, string, string[]][] = [
    ['Greek', 'windows-1253', ['αγάπη', 'βιβλίο', 'φίλος', 'σχολείο', 'νερό', 'φωτιά', 'γάτα', 'Καλημέρα']],
    ['Turkish', 'windows-1254', ['güneş', 'çiçek', 'ağaç', 'şehir', 'öğretmen', 'gökyüzü', 'yağmur', 'aşk']],
    ['Hebrew', 'windows-1255', ['שלום', 'ספר', 'חבר', 'מים', 'שמש', 'ירח', 'בית', 'ארץ']],
    ['Arabic', 'windows-1256', ['سلام', 'كتاب', 'شمس', 'قمر', 'ماء', 'مدرسة', 'صديق', 'سماء']],
    ['Thai', 'windows-874', ['เรียน', 'รัก', 'น้ำ', 'ดวงอาทิตย์', 'แมว', 'โรงเรียน', 'เพื่อน', 'ทะเล']],
    ['Russian of DOS', 'cp866', ['Привет', 'мир', 'любовь', 'школа', 'друг', 'кошка', 'дерево', 'море']],
  ]
  it.each(LANGUAGES)('%s in %s is read as such, or asked about', (_, encoding, words) => {
    for (let from = 0; from + 3 <= words.length; from++) {
      const text = list(...words.slice(from, from + 3))
      const { candidates, certain, ...found } = read(text, encoding)
      const readings = certain
        ? [found.text]
        : candidates.map(each => iconv.decode(iconv.encode(text, encoding), each.encoding))
      expect(readings, words[from]).toContain(text)
    }
  })

  it.each([
    ['windows-1251', ['Привет', 'мир', 'любовь']],
    ['koi8-r', ['школа', 'учитель', 'собака']],
    ['gb18030', ['学习', '爱', '朋友']],
    ['shift_jis', ['食べる', 'ねこ', '学校']],
    ['windows-1252', ['café', 'Straße', 'mañana']],
  ])('%s stays certain', (encoding, words) => {
    const text = list(...words)
    expect(read(text, encoding)).toMatchObject({ text, certain: true })
  })
})

describe('by their form', () => {
  const text = list('学习', '愛', 'ねこ')
  it.each(['utf-32le', 'utf-32be', 'utf-16le', 'utf-16be'])('%s with its mark', encoding => {
    expect(decodeText(iconv.encode(text, encoding, { addBOM: true }), 'list.csv')).toMatchObject({ text, encoding })
  })

  it('Japanese e-mail has escape sequences', () => {
    const bytes = Buffer.from('word\n\x1b$BJY6/\x1b(B\n', 'latin1')
    for (const wanted of [undefined, 'iso-2022-jp'])
      expect(decodeText(bytes, 'list.csv', wanted)).toMatchObject({ text: 'word\n勉強\n', encoding: 'iso-2022-jp' })
  })
})

describe('UTF-8 with something lost', () => {
  const whole = Buffer.from(list('学习', '爱', '朋友'))
  it.each([
    ['a byte of another encoding', Buffer.concat([whole, Buffer.from([0xff, 0x2c, 0x61, 0x0a])])],
    ['cut inside a character', whole.subarray(0, whole.indexOf('朋友') + 1)],
    ['behind its mark', Buffer.concat([Buffer.from('\ufeff'), whole, Buffer.from([0xe5])])],
  ])('%s: the rest stands', (_, bytes) => {
    const { text, encoding } = decodeText(bytes, 'list.csv')
    expect(encoding).toBe('utf-8')
    expect(text).toContain('学习,love\n爱,love\n')
    expect(text).toContain('\ufffd')
  })
})
