/** One spelling for a dictionary's eyes. Never for drawing: what is written keeps the glyph that was typed. */

/**
 * CJK Radicals Supplement and the characters that they stand for, place by place.
 * Source: Unicode 14, EquivalentUnifiedIdeograph.txt (Unicode License V3). NFKC maps two of them only.
 */
const RADICALS =
  '⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳'
const IDEOGRAPHS =
  '厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟'
const IDEOGRAPH_OF = new Map([...RADICALS].map((radical, at) => [radical, [...IDEOGRAPHS][at]]))
/** Bullets, middle dots and dot operators that stand between the parts of a foreign name. */
const MIDDLE_DOTS = /[\u00b7\u0387\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65]/g

/**
 * The text as dictionaries spell it: compatibility forms folded (NFKC: full width, Kangxi radicals, compatibility
 * ideographs), radicals as the characters that they stand for, every middle dot as "·", nothing invisible.
 */
export const foldForLookup = (text: string): string =>
  text
    .replace(MIDDLE_DOTS, '·')
    .normalize('NFKC')
    .replace(/[\u2e80-\u2eff]/g, radical => IDEOGRAPH_OF.get(radical) ?? radical)
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
