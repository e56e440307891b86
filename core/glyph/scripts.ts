/**
 * ISO 15924 codes of the scripts that Unicode knows, most used first. V8's regular expressions know which character is of
 * which; nothing in JavaScript names a character's script.
 */
const CODES = (
  'Latn Hani Cyrl Hira Kana Arab Hebr Grek Deva Hang Thai Beng Taml Telu Mlym Knda Gujr Guru Orya Sinh Mymr Khmr Laoo ' +
  'Tibt Geor Armn Ethi Mong Bopo Syrc Thaa Nkoo Adlm Cher Cans Java Bali Sund Tfng Vaii Yiii Lisu Copt Goth Ogam ' +
  'Aghb Ahom Armi Avst Bamu Bass Batk Bhks Brah Bugi Buhd Cakm Cari Cham Chrs Cpmn Cprt Diak Dogr Dsrt Dupl Egyp Elba ' +
  'Elym Glag Gong Gonm Gran Hano Hatr Hluw Hmng Hmnp Hung Ital Kali Kawi Khar Khoj Kits Kthi Lana Lepc Limb Lina Linb ' +
  'Lyci Lydi Mahj Maka Mand Mani Marc Medf Mend Merc Mero Modi Mroo Mtei Mult Nagm Nand Narb Nbat Newa Nshu Olck Orkh ' +
  'Osge Osma Ougr Palm Pauc Perm Phag Phli Phlp Phnx Plrd Runr Prti Rjng Rohg Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sogd ' +
  'Sogo Sora Soyo Sylo Tagb Takr Tale Talu Tang Tavt Tglg Tirh Tnsa Toto Ugar Vith Wara Wcho Xpeo Xsux Yezi Zanb'
).split(' ')

const tests = CODES.flatMap(code => {
  try {
    return [{ code, test: new RegExp(`^\\p{Script=${code}}`, 'u') }]
  } catch {
    // A script that this engine's Unicode does not have yet.
    return []
  }
})

const known = new Map<string, string | null>()

/** ISO 15924 code of a character's script; null for what all scripts share (spaces, punctuation, marks, emoji). */
export function scriptOf(char: string): string | null {
  let code = known.get(char)
  if (code === undefined) known.set(char, (code = tests.find(({ test }) => test.test(char))?.code ?? null))
  return code
}

/** Written together as one: kana and bopomofo stand among Han characters. */
const EAST_ASIAN = new Set(['Hani', 'Hira', 'Kana', 'Bopo'])

/** Two scripts that are shaped in one run. */
export const sameRun = (a: string, b: string): boolean => a === b || (EAST_ASIAN.has(a) && EAST_ASIAN.has(b))

/** Letters of these join their neighbours, so that they cannot stand one under another. */
const CURSIVE = new Set([
  'Arab',
  'Syrc',
  'Nkoo',
  'Mong',
  'Adlm',
  'Mand',
  'Mani',
  'Phag',
  'Phlp',
  'Rohg',
  'Sogd',
  'Chrs',
  'Ougr',
])

export const isCursive = (script: string): boolean => CURSIVE.has(script)
