/** Foreign names in Chinese: characters that stand for sounds, which must not be translated one by one. */

/**
 * Characters that transliterations are written with: those of Xinhua's tables for English, French, German, Spanish and
 * Russian names, without the commonest grammar words among them.
 */
const SOUNDS = new Set(
  '阿埃艾爱安不昂奥澳巴拜班邦包保鲍北贝本比彼毕宾波伯博布查柴蔡策茨达戴黛丹当道德登邓狄迪底蒂丁东都杜顿多朵厄恩尔法凡范菲费芬丰佛弗福夫富盖甘冈高戈哥格葛根贡古瓜圭哈海汉豪赫黑亨洪胡华怀惠霍基吉季加嘉贾简杰金京居卡开凯坎康考柯科可克肯孔库夸奎昆拉莱赖兰郎朗劳勒雷冷黎里理李利莉丽立连莲廉列烈林琳龙卢鲁路露伦罗洛吕马玛迈麦曼芒毛茅梅门蒙孟米密敏明缪摩莫墨默姆木穆拿娜纳乃奈南嫩内能尼妮年宁牛纽农努女诺欧帕派潘庞培佩彭皮匹平泼朴普齐其奇契恰千乔切琴青丘琼热仁日荣茹儒瑞若撒萨塞赛三桑瑟森沙莎山珊尚绍舍申生圣施诗什石史士舒朔丝思斯司松苏素孙索所塔泰坦汤唐陶特藤提田图土托陀瓦娃万旺威韦维伟卫魏温文翁沃乌武伍西希锡席霞夏先香肖歇谢辛欣休修雄许雅亚延扬杨耶叶伊依易因英永尤于雨约云赞泽曾扎詹章珍芝治智州朱卓兹子宗佐顺雪逊翰楚博琪茜蕾芙薇绯罕耀咖喱嘉丝' +
    '奧愛邁麥爾貝賓達薩賽納羅倫蘭萊勞瑪馬門維韋亞約聖蘇諾歐龐費豐蓋華懷傑凱庫魯盧呂蒙寧紐農喬熱榮燊紹詩絲雲贊澤澤詹圖',
)

export interface NamedPart {
  text: string
  isName: boolean
}

/**
 * Words of a cut text, of which those that make up a dotted name are joined: 列 奥 纳 多 · 达·芬奇 are one.
 * @param surpriseOf bits of surprise at a word in running text: rare words beside a dot are syllables by accident
 */
export function joinDottedNames(parts: readonly string[], surpriseOf: (word: string) => number | null): NamedPart[] {
  const belongs = (part: string) => isSyllable(part) || ([...part].length > 1 && (surpriseOf(part) ?? RARE) >= RARE)

  const inName = parts.map(() => false)
  for (const [at, text] of parts.entries()) {
    if (text !== '·') continue
    for (const step of [-1, 1]) {
      let place = at + step
      // What stands at the dot belongs to the name whatever it is; beyond it, syllables do.
      for (let first = true; place >= 0 && place < parts.length; place += step, first = false) {
        if (!first && parts[place] !== '·' && !belongs(parts[place])) break
        inName[place] = true
      }
    }
    inName[at] = true
  }
  const joined: NamedPart[] = []
  for (const [at, text] of parts.entries()) {
    const last = joined.at(-1)
    if (inName[at] && at > 0 && inName[at - 1] && last) last.text += text
    else joined.push({ text, isName: inName[at] })
  }
  return joined
}

/** Characters; 克里斯托弗哥伦布 has eight. */
const LONGEST_NAME = 16

/** Bits: about once in 130,000 words. */
const RARE = 17

const isSyllable = (part: string): boolean => [...part].length === 1 && SOUNDS.has(part)

/**
 * Whether a whole text that is no headword reads like a foreign name without a dot: three characters or more, all of
 * which stand for sounds, and none makes a word with its neighbour but known names do (约翰, John).
 */
export function looksTransliterated(parts: readonly string[], isKnownName: (word: string) => boolean): boolean {
  const characters = [...parts.join('')]
  const syllables = parts.filter(part => [...part].length === 1).length
  return (
    characters.length >= 3 &&
    characters.length <= LONGEST_NAME &&
    syllables >= 2 &&
    characters.every(character => SOUNDS.has(character)) &&
    parts.every(part => [...part].length === 1 || isKnownName(part))
  )
}
