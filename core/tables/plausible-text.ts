/** How much like language a text reads: of a list of ten words, statistics of a language say little. */
import { readFileSync } from 'node:fs'
import { OTHER_ALPHABETS } from './alphabets.ts'

const [SIMPLIFIED, TRADITIONAL, KANJI] = readFileSync(new URL('./common-characters.txt', import.meta.url), 'utf8')
  .split('\n')
  .map(line => new Set(line))
/** The syllables that Korean is mostly written with. */
const HANGUL = new Set(
  '이다가는을에의지고하기사로자리나도인아시어수정스그서해대라부들한일과전여보장동주만으구제상면무있선신유안원것우성게조진국민생학개위세오미적계방물말경소러연분체내치모발실문공마니관당회간양비업화되용심음력야산각입중출단통던식품행판살금강천운교데바르터레프트테크드네루피즈노저재영명결더특히같때많년월좋사랑감사합했습갈봄여름가을겨울꽃별달밤눈비바람물불흙나무새개고양이집길책밥차술빛밝',
)

/** Of a reading: a positive score for each byte beyond ASCII where it is language, a negative one where it is not. */
export function plausibility(text: string, bytes: Uint8Array): number {
  const beyond = bytes.reduce((sum, byte) => sum + Number(byte >= 0x80), 0)
  const characters = [...text]
  const scripts = [SIMPLIFIED, TRADITIONAL, KANJI].map(common => {
    let score = 0
    for (const [at, c] of characters.entries())
      if (c > '\x7f') score += scoreOf(c, characters[at - 1] ?? ' ', characters[at + 1] ?? ' ', common)
    return score
  })
  return Math.max(...scripts) / Math.max(1, beyond)
}

function scoreOf(c: string, before: string, after: string, common: ReadonlySet<string>): number {
  const besideLatin = /[a-z]/i.test(before) || /[a-z]/i.test(after)
  if (/\p{Script=Han}/u.test(c))
    return (common.has(c) ? 1.6 : c < '\u4e00' || c > '\u9fa5' ? -3 : -0.9) - Number(besideLatin)
  if (/[\u3041-\u3096\u30a1-\u30fc]/.test(c)) return 1.4 - Number(besideLatin)
  if (/\p{Script=Hangul}/u.test(c)) return (HANGUL.has(c) ? 1.6 : -0.4) - Number(besideLatin)
  if (/[\uff61-\uff9f]/.test(c)) return -1.2
  if (/[А-яЁё]/.test(c)) return cyrillic(c, before) - 2 * Number(besideLatin)
  const other = OTHER_ALPHABETS.find(({ letters }) => letters.test(c))
  if (other) return other.score(c, before, after) - 2 * Number(besideLatin)
  if (/\p{Script=Latin}/u.test(c) && c < '\u2000') return latin(before, after) - 0.4 * Number(/[ðýþÐÝÞ]/.test(c))
  if (/[\u2010-\u2026\u00ab\u00bb\u00a0\u20ac\u2116\u00b0\u00a1\u00bf]/.test(c)) return 0.1
  if (/[\u3000-\u3020\uff00-\uff60]/.test(c)) return 0.4
  return -2
}

/** In words capitals stand first, and letters stand together. */
function cyrillic(c: string, before: string): number {
  const inWord = /[А-яЁё]/.test(before)
  if (/[А-ЯЁ]/.test(c))
    return inWord && /[а-яё]/.test(before) ? -1.2 : COMMON_CYRILLIC.test(c.toLowerCase()) ? 0.55 : 0.2
  return COMMON_CYRILLIC.test(c) ? 0.85 : 0.35
}

const COMMON_CYRILLIC = /[оеаинтсрвлкмдпуяыьгзбч]/

/** An accented letter stands among plain ones; many in a row are another script's bytes. */
function latin(before: string, after: string): number {
  if (/[a-z]/i.test(before) || /[a-z]/i.test(after)) return 0.9
  return /[^\x7f-\uffff]/.test(before) && /[^\x7f-\uffff]/.test(after) ? 0.1 : -1
}
