/** Which column of a list holds what: by its name in English, Russian, Chinese, Japanese or Korean, or as the user says. */

export const COLUMNS = ['word', 'translation', 'pinyin', 'style', 'seed'] as const
export type Column = (typeof COLUMNS)[number]

/** Names of columns as people and other programs write them, in lower case. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  word: [
    ...[
      'word',
      'words',
      'term',
      'vocabulary',
      'vocab',
      'expression',
      'hanzi',
      'simplified',
      'front',
      'headword',
      'kanji',
    ],
    ...['слово', 'слова', 'термин', 'выражение', 'иероглиф', 'иероглифы', 'лицевая сторона'],
    ...[
      '词',
      '詞',
      '单词',
      '單詞',
      '词语',
      '詞語',
      '生词',
      '生詞',
      '词汇',
      '詞彙',
      '字',
      '字词',
      '字詞',
      '汉字',
      '漢字',
      '简体',
      '正面',
    ],
    ...['単語', '言葉', '語彙', '見出し語', '表面'],
    ...['단어', '낱말', '어휘', '앞면'],
  ],
  translation: [
    ...['translation', 'meaning', 'meanings', 'definition', 'definitions', 'english', 'gloss', 'back', 'sense'],
    ...['перевод', 'значение', 'смысл', 'определение', 'английский', 'по-английски', 'обратная сторона'],
    ...[
      '翻译',
      '翻譯',
      '译文',
      '譯文',
      '释义',
      '釋義',
      '意思',
      '含义',
      '含義',
      '解释',
      '解釋',
      '英文',
      '英语',
      '英語',
      '背面',
    ],
    ...['意味', '訳', '和訳', '英訳', '裏面'],
    ...['뜻', '의미', '번역', '영어', '뒷면'],
  ],
  pinyin: [
    ...['pinyin', 'reading', 'pronunciation', 'kana', 'furigana'],
    ...['пиньинь', 'чтение', 'произношение', 'транскрипция'],
    ...['拼音', '读音', '讀音', '注音', '发音', '發音'],
    ...['読み', '読み方', 'よみ', 'ふりがな', 'かな', '発音', '발음'],
  ],
  style: ['style', 'стиль', '风格', '風格', '样式', '樣式'],
  seed: ['seed', 'зерно', 'сид', '种子', '種子', '随机种子', '隨機種子'],
}
const COLUMN_OF = new Map(COLUMNS.flatMap(column => NAMES[column].map(name => [name, column] as const)))

/** Null: the name is none of a column's. */
export const columnOf = (name: string): Column | null =>
  COLUMN_OF.get(name.normalize('NFKC').trim().replace(/[:*]$/, '').toLowerCase()) ?? null

/** What is in which column, from 0. */
export type Assignment = Partial<Record<Column, number>>

/** What a user says: a column's number from 1, its letters as in a spreadsheet, or its name. */
export type ColumnChoice = Partial<Record<Column, string | number>>

/**
 * Whether a row names columns and is no row of the list. "word" may be a word too: with another name beside it that is no
 * column, one other column has to speak for a header, and no header names a column twice ("word, слово").
 * @param inFile a table that a program wrote, and not a list that was typed: a column "word" is enough
 */
export function isHeader(cells: readonly string[], { inFile = false } = {}): boolean {
  const columns = cells.map(columnOf)
  const known = columns.filter(column => column !== null)
  if (new Set(known).size < known.length) return false
  const all = cells.filter(cell => cell.trim() !== '').length
  if (!known.includes('word')) return known.length > 0 && known.length === all
  return inFile || known.length > 1 || known.length === all
}

/** The columns that a header names. */
export function assignmentOf(names: readonly string[]): Assignment {
  const found: Assignment = {}
  for (const [at, name] of names.entries()) {
    const column = columnOf(name)
    if (column !== null) found[column] ??= at
  }
  return found
}

/** A chosen column's place from 0, or null where there is none. "B" and 2 are the second, unless a column is called so. */
export function placeOf(choice: string | number, names: readonly string[] | null, columns: number): number | null {
  const text = String(choice).trim()
  const named = names?.findIndex(name => name.trim().toLowerCase() === text.toLowerCase()) ?? -1
  if (named !== -1) return named
  const place = /^\d{1,4}$/.test(text) ? Number(text) - 1 : /^[a-z]{1,2}$/i.test(text) ? ofLetters(text) : -1
  return place >= 0 && place < columns ? place : null
}

const ofLetters = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
