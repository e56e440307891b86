import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'
import { zstdCompressSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { readWorkbook } from '../tables/workbook.ts'
import { readSet } from './definition.ts'
import { openSet } from './open-set.ts'
import { type ListFileOptions, readWordsFile } from './word-list.ts'

const root = await mkdtemp(join(tmpdir(), 'zihua-lists-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const TWO = [
  { word: '学习', translation: 'study' },
  { word: '爱', translation: 'love' },
]
const bytesOf = (content: string | Buffer) => (typeof content === 'string' ? Buffer.from(content) : content)
const read = (content: string | Buffer, options: ListFileOptions = {}, name = 'list.csv') =>
  readWordsFile(bytesOf(content), name, options)
const wordsIn = async (content: string | Buffer, options: ListFileOptions = {}, name?: string) =>
  (await read(content, options, name)).entries.map(({ word }) => word)
const problemsIn = async (content: string | Buffer, options: ListFileOptions = {}) =>
  (await read(content, options)).problems.map(({ line, message }) => `${line}: ${message}`)
const notesIn = async (content: string | Buffer, options: ListFileOptions = {}) =>
  (await read(content, options)).notes.map(({ line, message }) => `${line}: ${message}`)

describe('encodings', () => {
  const csv = 'word;translation\n学习;study\n爱;love\n'
  it.each(['gb18030', 'gbk', 'utf8', 'utf-16le', 'utf-16be'])('%s is found', async encoding => {
    expect(await wordsIn(iconv.encode(csv, encoding))).toEqual(TWO)
    expect(await wordsIn(iconv.encode(csv, encoding, { addBOM: true }))).toEqual(TWO)
  })
  it('Excel’s "Unicode text" is UTF-16 with tabs', async () => {
    expect(await wordsIn(iconv.encode(csv.replaceAll(';', '\t'), 'utf-16le', { addBOM: true }))).toEqual(TWO)
  })
  it('Russian Excel’s CSV', async () => {
    const russian = iconv.encode('word;translation\nПривет;hello\nмир;peace\n', 'windows-1251')
    expect(await wordsIn(russian)).toMatchObject([{ word: 'Привет' }, { word: 'мир' }])
  })
  it('学习 in GB18030 is UTF-8 too, and not meant so', async () => {
    expect(await wordsIn(iconv.encode('学习', 'gb18030'))).toEqual([{ word: '学习' }])
  })
  it.each(['Привет', 'Καλημέρα', 'שלום', 'مرحبا', 'สวัสดี', 'नमस्ते', 'naïve — “café”', '🐱'])(
    '%s in UTF-8 stays what it is',
    async word => expect(await wordsIn(word)).toEqual([{ word }]),
  )
  it('two likely readings are both shown, and the command line asks', async () => {
    const file = join(root, 'one.csv')
    await writeFile(file, iconv.encode('word\n猫\n', 'shift_jis'))
    const { reading } = await read(await readFile(file))
    expect(reading.candidates).toHaveLength(2)
    for (const { encoding, lines } of reading.candidates) expect([encoding, lines[0]]).not.toContain(undefined)
    await expect(readSet(file)).rejects.toMatchObject({
      message: expect.stringMatching(/not clear: as \S+ it begins ".+", as \S+ ".+"/),
      hint: expect.stringContaining('--encoding'),
    })
    expect((await readSet(file, { encoding: 'shift_jis' })).definition.words).toEqual([{ word: '猫' }])
  })
  it('one that does not fit, or does not exist, is one sentence', async () => {
    const gbk = iconv.encode(csv, 'gb18030')
    await expect(read(gbk, { encoding: 'utf-8' })).rejects.toThrow('list.csv is not in the encoding utf-8')
    await expect(read(gbk, { encoding: 'klingon' })).rejects.toThrow('There is no encoding "klingon"')
  })
  it('U+FFFD is never a word', async () => {
    const lost = 'word,translation\n\ufffd\ufffd,study\n爱,l\ufffdve\n水,water\n'
    expect(await problemsIn(lost)).toEqual([
      '2: the word holds U+FFFD, which stands for characters that were lost in a wrong encoding',
      '3: the meaning holds U+FFFD, which stands for characters that were lost in a wrong encoding',
    ])
    const file = join(root, 'lost.csv')
    await writeFile(file, lost)
    await expect(readSet(file)).rejects.toThrow(/line 2: .*encoding/)
  })
  it.each([
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000001', 'hex')],
    ['zeros', Buffer.alloc(100)],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1000000', 'hex')],
  ])('%s is no list', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('list.csv'),
    })
  })
})

describe('lines and separators', () => {
  it.each([
    ['word,translation\r\n学习,study\n爱,love\r\n'],
    ['word,translation\r学习,study\r\n爱,love\n'],
    ['word,translation\n学习,study\r\r\n\n爱,love'],
    ['"word","translation"\r\n"学习","study"\n"爱","love"\r'],
  ])('%j', async content => expect(await wordsIn(content)).toEqual(TWO))
  it.each([
    ['\ufeffsep=;\r\nword;translation\r\n学习;study\r\n爱;love\r\n'],
    ['sep=\t\nword\ttranslation\n学习\tstudy\n爱\tlove'],
    ['"sep=|"\nword|translation\n学习|study\n爱|love'],
    ['SEP=,\nword,translation\n学习,study\n爱,love'],
    ['sep=;\n学习;study\n爱;love'],
  ])('%j', async content => expect(await wordsIn(content)).toEqual(TWO))
  it('a line keeps its number behind lines of the file’s own', async () => {
    expect(await problemsIn('sep=;\nword;seed\n学;many\n')).toEqual(['3: the seed "many" is not a whole number'])
  })
})

describe('Anki’s text', () => {
  const head = '#separator:tab\n#html:true\n#tags column:3\n'
  it('has header lines, HTML and sounds', async () => {
    const notes =
      '学习\tto study<br>to learn\tHSK1\n爱\t<b>love</b>&nbsp;(noun) [sound:ai.mp3]\tHSK1\n"好"\t"say ""good"""\t\n'
    expect(await wordsIn(head + notes)).toEqual([
      { word: '学习', translation: 'to study; to learn' },
      { word: '爱', translation: 'love (noun)' },
      { word: '好', translation: 'say "good"' },
    ])
    expect(await notesIn(head + notes)).toEqual(["0: column 3 holds Anki's tags and is not used"])
  })
  it('names its columns, deck and note type', async () => {
    const content =
      '#separator:Semicolon\n#notetype column:1\n#deck column:2\n#columns:Type;Deck;English;Hanzi\nBasic;A;study;<div>学习</div>\n'
    expect(await wordsIn(content)).toEqual([{ word: '学习', translation: 'study' }])
  })
  it('with more fields than two says which are not read', async () => {
    expect(await notesIn('#separator:comma\n学习,study,xue,more\n')).toEqual([
      '0: column 3 has no name and is not used',
      '0: column 4 has no name and is not used',
    ])
  })
  it('a word list that only begins with # is none', async () => {
    expect(await wordsIn('#love\nsong')).toEqual([{ word: '#love' }, { word: 'song' }])
  })
  it.each([
    ['<ruby>漢字<rt>かんじ</rt></ruby>', '漢字'],
    ['食[た]べる', '食べる'],
    ['A &amp; B', 'A & B'],
    ['<span style="color:red">爱</span><img src="a.jpg">', '爱'],
    ['&#29233;&#x7231;', '爱爱'],
  ])('%s is %s', async (field, word) =>
    expect(await wordsIn(`#html:true\n${field}\tx`)).toEqual([{ word, translation: 'x' }]),
  )
  it('what only looks like HTML stays', async () => {
    expect(await wordsIn('1 < 2\na <3 b\n5 > 4')).toEqual([{ word: '1 < 2' }, { word: 'a <3 b' }, { word: '5 > 4' }])
  })
})

describe('columns', () => {
  it.each([
    ['слово;перевод;стиль\n学习;study;neon'],
    ['单词,释义,风格\n学习,study,neon'],
    ['單詞,翻譯,風格\n学习,study,neon'],
    ['Meaning\tStyle\tTerm\nstudy\tneon\t学习'],
    ['Hanzi,English,Style\n学习,study,neon'],
  ])('%j by name', async content => {
    expect(await wordsIn(content)).toEqual([{ word: '学习', translation: 'study', style: 'neon' }])
  })
  it.each([
    [{ word: 2, translation: 3 }, false],
    [{ word: 'B', translation: 'c' }, false],
    [{ word: 'Zeichen', translation: 'Bedeutung' }, true],
  ] satisfies [ListFileOptions['columns'], boolean][])('%j by hand', async (columns, header) => {
    const content = `${header ? 'Nr,Zeichen,Bedeutung\n' : ''}1,学习,study\n2,爱,love`
    expect(await wordsIn(content, { columns, header })).toEqual(TWO)
  })
  it('that are not there are one sentence', async () => {
    await expect(read('a,b', { columns: { word: 'Z' } })).rejects.toThrow('The list has no column "Z" for word')
    await expect(read('a,b', { columns: { word: 3 } })).rejects.toThrow('no column "3"')
  })
  it('nothing is left aside without a line', async () => {
    expect(await notesIn('word,colour,\n学习,red,x\n爱,blue,,more\n')).toEqual([
      '1: the column "colour" is not used',
      '1: column 3 has no name and is not used',
      '3: 1 cells beyond the named columns are not used',
    ])
    expect(await notesIn('слово\nдом\n')).toEqual(['1: the line was taken for the names of the columns'])
    expect(await problemsIn('word,translation\n,lost\n学,kept\n')).toEqual(['2: there is no word'])
  })
})

// ---------------------------------------------------------------------------------------------------------- archives

function zip(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = new ZipFile()
  for (const [name, content] of Object.entries(files)) archive.addBuffer(bytesOf(content), name)
  archive.end()
  return buffer(archive.outputStream)
}

/** As little of a workbook as Excel opens; cells are inline strings or numbers. */
function workbook(sheets: Record<string, (string | number | null)[][]>, isPlaced = true): Promise<Buffer> {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const names = Object.keys(sheets)
  const cell = (value: string | number | null, at: number, row: number) => {
    const place = isPlaced ? `r="${String.fromCharCode(65 + at)}${row}"` : ''
    if (value === null) return isPlaced ? '' : '<c/>'
    if (typeof value === 'number') return `<c ${place}><v>${value}</v></c>`
    return `<c ${place} t="inlineStr"><is><t>${value}</t></is></c>`
  }
  const rows = (of: (string | number | null)[][]) =>
    of
      .map(
        (cells, at) =>
          `<row${isPlaced ? ` r="${at + 1}"` : ''}>${cells.map((c, i) => cell(c, i, at + 1)).join('')}</row>`,
      )
      .join('')
  return zip({
    '[Content_Types].xml': `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relations}">${names.map((_, i) => `<Relationship Id="r${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
    ...Object.fromEntries(
      names.map((name, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet xmlns="${main}"><sheetData>${rows(sheets[name]!)}</sheetData></worksheet>`,
      ]),
    ),
  })
}

describe('a workbook', async () => {
  const book = await workbook({
    Cover: [],
    Words: [
      ['单词', '释义'],
      ['学习', 'study'],
      ['爱', 'love'],
      [null, 'nothing'],
      [2024, 'year'],
    ],
    More: [['水', 'water']],
  })
  it('gives the words of its first sheet with rows', async () => {
    const { entries, problems, notes, reading } = await read(book, {}, 'list.xlsx')
    expect(entries.map(({ word }) => word)).toEqual([...TWO, { word: '2024', translation: 'year' }])
    expect(problems).toMatchObject([{ line: 4, message: 'there is no word' }])
    expect(notes).toMatchObject([{ message: 'read from "Words", not from "More" (1)' }])
    expect(reading).toMatchObject({ kind: 'workbook', sheets: ['Cover', 'Words', 'More'] })
  })
  it('gives those of the sheet that is chosen', async () => {
    expect(await wordsIn(book, { sheet: 'More' }, 'list.xlsx')).toEqual([{ word: '水', translation: 'water' }])
    await expect(read(book, { sheet: 'Less' }, 'list.xlsx')).rejects.toThrow('There is no sheet "Less"')
  })
  it('is known by its content, whatever it is called', async () => {
    expect(await wordsIn(book, { sheet: 'More' }, 'list.csv')).toEqual([{ word: '水', translation: 'water' }])
  })
  it('whose cells do not say where they stand is read', async () => {
    const rows = [
      ['word', 'style', 'translation'],
      ['学习', null, 'study'],
      ['爱', null, 'love'],
    ]
    expect(await wordsIn(await workbook({ Words: rows }, false), {}, 'list.xlsx')).toEqual(TWO)
  })
  it('that a password locks says so, and that of the old kind too', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)])
    await expect(read(old, {}, 'list.xlsx')).rejects.toThrow('of the old kind')
    const locked = Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')])
    await expect(read(locked, {}, 'list.xlsx')).rejects.toThrow('that a password locks')
  })
  it('that is damaged, or is none, is one sentence', async () => {
    for (const bytes of [book.subarray(0, 400), await zip({ a: 'b' }), Buffer.from('PK\x03\x04rubbish')])
      await expect(read(bytes, {}, 'list.xlsx')).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringMatching(/^list\.xlsx cannot be read: .*\.$/),
      })
  })
  it('whose end stands twice keeps nobody waiting', { timeout: 20_000 }, async () => {
    // The record that ends a ZIP has 22 bytes. A reader that trusts one of the two directories waits for ever for the other's.
    const end = book.length - 22
    for (let from = end - 120; from < end; from += 8) {
      const twice = Buffer.concat([book.subarray(0, end + 4), book.subarray(from)])
      await readWorkbook(twice).catch((error: Error) => expect(error.message).not.toBe(''))
    }
  })
  it('that unpacks to more than it says is refused', async () => {
    const large = await zip({ 'xl/workbook.xml': Buffer.alloc(5_000_000) })
    const name = large.lastIndexOf('xl/workbook.xml')
    // The unpacked size in the central directory lies 22 bytes before the name.
    large.writeUInt32LE(5, name - 22)
    await expect(read(large, {}, 'list.xlsx')).rejects.toThrow(/cannot be read/)
  })
})

describe('an Anki package', () => {
  const FIELDS = ['Hanzi', 'Pinyin', 'English', 'Sound']
  const NOTES = [
    ['学习', 'xué xí', 'to study<br>to learn', '[sound:a.mp3]'],
    ['爱', 'ài', '<b>love</b>&nbsp;(noun)', ''],
  ]
  async function collection(isNew: boolean): Promise<Buffer> {
    const file = join(root, `collection-${randomUUID()}`)
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, mid INTEGER, flds TEXT); CREATE TABLE col (models TEXT)')
    const note = database.prepare('INSERT INTO notes (mid, flds) VALUES (?, ?)')
    for (const fields of NOTES) note.run(1607392319, fields.join('\x1f'))
    if (isNew) {
      database.exec('CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE nocase , config BLOB)')
      database.exec(
        'CREATE TABLE fields (ntid INTEGER NOT NULL, ord INTEGER NOT NULL, name TEXT NOT NULL COLLATE nocase , PRIMARY KEY (ntid, ord)) WITHOUT ROWID',
      )
      database.prepare('INSERT INTO notetypes VALUES (1607392319, ?, NULL)').run('Chinese')
      for (const [at, name] of FIELDS.entries())
        database.prepare('INSERT INTO fields VALUES (1607392319, ?, ?)').run(at, name)
    } else {
      const models = { 1607392319: { name: 'Chinese', flds: FIELDS.map(name => ({ name })) } }
      database.prepare('INSERT INTO col VALUES (?)').run(JSON.stringify(models))
    }
    database.close()
    // Anki's own collation, which SQLite would not let a table be made with.
    const bytes = (await readFile(file)).toString('latin1').replaceAll('COLLATE nocase ', 'COLLATE unicase')
    return Buffer.from(bytes, 'latin1')
  }
  const expected = [
    { word: '学习', translation: 'to study; to learn', pinyin: 'xué xí' },
    { word: '爱', translation: 'love (noun)', pinyin: 'ài' },
  ]
  it('of today, packed with Zstandard, gives its words', async () => {
    const stale = await collection(false)
    const bytes = await zip({
      'collection.anki21b': zstdCompressSync(await collection(true)),
      'collection.anki2': stale,
    })
    const { entries, notes, reading } = await read(bytes, {}, 'deck.apkg')
    expect(entries.map(({ word }) => word)).toEqual(expected)
    expect(notes).toMatchObject([{ message: 'the column "Sound" is not used' }])
    expect(reading.sheets).toEqual(['Chinese'])
  })
  it('of an older Anki too, also as a set', async () => {
    const file = join(root, 'lesson.apkg')
    await writeFile(file, await zip({ 'collection.anki2': await collection(false) }))
    expect((await readSet(file)).definition).toMatchObject({ name: 'lesson', words: expected })
  })
  it('that is damaged is one sentence', async () => {
    for (const files of [
      { 'collection.anki2': 'nothing' },
      { media: '{}' },
      { 'collection.anki21b': 'nothing' },
    ] as const)
      await expect(read(await zip(files as Record<string, string>), {}, 'deck.apkg')).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringMatching(/^deck\.apkg cannot be read: /),
      })
  })
})

describe('a list that is opened to be edited', () => {
  it('tells how it was read, and what it left aside', async () => {
    const opened = await openSet(Buffer.from('word;translation;colour\n学习;study;red\n;lost;\n'), 'a.csv')
    expect(opened).toMatchObject({
      ...{ words: '学习, study', definition: { name: 'a' } },
      list: {
        ...{ kind: 'text', encoding: 'utf-8', candidates: [], names: ['word', 'translation', 'colour'] },
        ...{
          columns: { word: 0, translation: 1 },
          sample: [
            ['word', 'translation', 'colour'],
            ['学习', 'study', 'red'],
            ['', 'lost', ''],
          ],
        },
        problems: [{ line: 3, message: 'there is no word' }],
        notes: [{ line: 1, message: 'the column "colour" is not used' }],
      },
    })
  })
  it('is opened also where none of its lines gives a word', async () => {
    expect(await openSet(Buffer.from('translation\nx'), 'a.csv')).toMatchObject({ definition: null, words: '' })
  })
})
