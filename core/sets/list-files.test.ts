import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { seeded } from '../testing/random.ts'
import type { SetWord } from './set-word.ts'
import { readWordsFile } from './word-list.ts'

/** Words of a language and the encodings that people of it have. */
const LANGUAGES: Record<string, { encodings: string[]; words: string[] }> = {
  simplified: {
    encodings: ['gb18030', 'gbk'],
    words:
      '学习 爱 你好 中国 朋友 老师 学校 苹果 喜欢 今天 明天 天气 电脑 飞机 医院 书 水 火 山 猫 狗 龙 梦想 自由 和平 音乐 太阳 月亮 春天 冬天 东西 城市 旅行 照片 生日快乐 图书馆 火车站 办公室 为什么 没关系'.split(
        ' ',
      ),
  },
  traditional: {
    encodings: ['big5'],
    words:
      '學習 愛 你好 中國 朋友 老師 學校 蘋果 喜歡 今天 明天 天氣 電腦 飛機 醫院 書 水 火 山 貓 狗 龍 夢想 自由 和平 音樂 太陽 月亮 春天 冬天 東西 城市 旅行 照片 生日快樂 圖書館 火車站 辦公室 為什麼 沒關係'.split(
        ' ',
      ),
  },
  japanese: {
    encodings: ['shift_jis'],
    words:
      '食べる ねこ いぬ 学校 先生 友達 ありがとう さくら 花火 電車 日本語 コーヒー カメラ テレビ 楽しい 新しい 東京 時間 家族 海 山 空 雨 雪 夢 愛 本 車 朝ごはん 図書館 おはよう 飲む 走る 読む 書く'.split(
        ' ',
      ),
  },
  korean: {
    encodings: ['euc-kr'],
    words:
      '사랑 학교 선생님 친구 안녕하세요 감사합니다 고양이 강아지 나무 바다 하늘 비 눈 꽃 별 달 시간 사람 나라 음식 물 불 책 집 자동차 비행기 음악 여행 가족 아침 저녁 봄 여름 가을 겨울 커피 공부하다 먹다'.split(
        ' ',
      ),
  },
  russian: {
    encodings: ['windows-1251'],
    words:
      'Привет мир любовь школа учитель друг кошка собака дерево море небо дождь снег цветок звезда луна время человек страна еда вода огонь книга дом машина самолёт музыка путешествие семья утро вечер весна лето осень зима Москва учиться'.split(
        ' ',
      ),
  },
  western: {
    encodings: ['windows-1252'],
    words:
      'café élève forêt garçon Straße Grüße schön Mädchen über niño mañana corazón canción année déjà hôtel façade Fuß Tür Löwe señor árbol música jardín fête âme œuvre pâte crème noël été hiver süß Äpfel Öl'.split(
        ' ',
      ),
  },
}
const MEANINGS = [
  ...['love', 'to study', 'peace; quiet', '"quoted"', 'a cat|two lines\nof it', 'study, learn', 'water (still)'],
  ...['friend', 'world', 'to eat', 'good morning', '10 %', "it's", 'a\ttab'],
]
const HEADERS = [
  ['word', 'translation'],
  ['Word', 'Meaning'],
  ['слово', 'перевод'],
  ['单词', '释义'],
  ['Front', 'Back'],
]
const UNICODE = ['utf8', 'utf8-bom', 'utf-16le-bom', 'utf-16be-bom', 'utf-16le', 'utf-16be']

interface Made {
  bytes: Buffer
  encoding: string
  words: SetWord[]
}

function makeList(seed: number): Made {
  const { pick, below, next } = seeded(seed)
  const language = pick(Object.values(LANGUAGES))
  const encoding = next() < 0.4 ? pick(UNICODE) : pick(language.encodings)
  const delimiter = pick([',', ';', '\t'])
  const lineEnd = pick([() => '\r\n', () => '\n', () => '\r', () => pick(['\r\n', '\n', '\r'])])
  const quoteAll = next() < 0.3
  const words = Array.from({ length: 4 + below(30) }, (): SetWord => {
    const word = pick(language.words)
    return next() < 0.85 ? { word, translation: pick(MEANINGS) } : { word }
  })
  const cell = (text: string) => (quoteAll || /["\r\n,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  // A header that the encoding cannot write would be other words.
  const headers = HEADERS.filter(names => names.every(name => decoded(encoded(name, encoding), encoding) === name))
  const lines = [pick(headers), ...words.map(({ word, translation }) => [word, translation ?? ''])]
    .map(cells => cells.map(cell).join(delimiter))
    .flatMap(line => (next() < 0.1 ? [line, ''] : [line]))
  if (next() < 0.15) lines.unshift(`sep=${delimiter}`)
  return { bytes: encoded(lines.map(line => line + lineEnd()).join(''), encoding), encoding, words }
}

function encoded(text: string, encoding: string): Buffer {
  const [name, mark] = encoding.split('-bom')
  return iconv.encode(text, name!, { addBOM: mark !== undefined })
}
const decoded = (bytes: Buffer, encoding: string) => iconv.decode(bytes, encoding.split('-bom')[0]!)

describe('2,000 lists over encodings, line ends, separators and quotes', () => {
  const LISTS = 2000
  it('come back as they were written, or in two readings of which one is right', async () => {
    let unclear = 0
    for (let seed = 1; seed <= LISTS; seed++) {
      const { bytes, encoding, words } = makeList(seed)
      const about = `seed ${seed}, ${encoding}`
      const read = await readWordsFile(bytes, 'list.csv')
      const { candidates } = read.reading
      if (candidates.length > 0) {
        unclear++
        const right = candidates.find(
          candidate => iconv.decode(bytes, candidate.encoding) === iconv.decode(bytes, encoding),
        )
        expect(right, about).toBeDefined()
      }
      const chosen = candidates.length > 0 ? await readWordsFile(bytes, 'list.csv', { encoding }) : read
      expect(chosen.problems, about).toEqual([])
      expect(
        chosen.entries.map(({ word }) => word),
        about,
      ).toEqual(words)
    }
    expect(unclear).toBeLessThan(LISTS / 100)
  })
})
