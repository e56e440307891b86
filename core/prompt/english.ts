/** As much English grammar as turns a gloss into something that can stand after "an illustration of". */

/** Verbs of two syllables and more that double their last letter. */
const DOUBLING = new Set(
  'abhor acquit admit allot annul begin commit concur confer compel control debar defer deter emit entrap equip expel forbid forget incur infer kidnap occur omit outwit overlap patrol permit prefer propel rebel rebut recur refer regret remit submit transfer transmit unwrap upset'.split(
    ' ',
  ),
)
/** Verbs that are also the name of what is done, uncountable: "love" says more than "loving". */
const ALSO_NOUNS = new Set(
  'care change dance delight fear harvest hate help hope love play praise rain research respect rest revenge sleep snow study support thunder trade travel work worship'.split(
    ' ',
  ),
)
/** Verbs in -ly, which are no adverbs. */
const VERBS_IN_LY = /^(?:fly|ply|apply|reply|supply|ally|bully|rely|comply|imply|multiply|rally|tally|sully|dally)$/

/** "run" → "running", "die" → "dying", "bake" → "baking". */
export function gerund(verb: string): string {
  if (/ie$/.test(verb)) return verb.replace(/ie$/, 'ying')
  if (/[^eoy]e$/.test(verb) && verb.length > 2) return verb.replace(/e$/, 'ing')
  if (/ic$/.test(verb)) return `${verb}king`
  const closed = /^(?:[^aeiou]|qu)*[aeiou][^aeiouwxy]$/.test(verb)
  return closed || DOUBLING.has(verb) ? `${verb}${verb.at(-1)}ing` : `${verb}ing`
}

/** "study" → "study", "learn to swim" → "learning to swim", "secretly plan" → "secretly planning", "come and go" → both. */
export function verbPhrase(infinitive: string): string {
  if (ALSO_NOUNS.has(infinitive)) return infinitive
  const words = infinitive.split(' ')
  let at = 0
  while (at < words.length - 1 && isAdverb(words[at])) at++
  words[at] = inflected(words[at])
  if (/^(?:and|or)$/.test(words[at + 1]) && words.length === at + 3) words[at + 2] = inflected(words[at + 2])
  return words.join(' ')
}

const isAdverb = (word: string): boolean =>
  word === 'not' || !/^[a-z]/.test(word) || (word.endsWith('ly') && !VERBS_IN_LY.test(word))

/** The verb may carry a comma or be two joined by a slash or a hyphen: only letters are inflected. */
const inflected = (word: string): string => word.replace(/^[a-z]+(?=$|[,/])|(?<=\/)[a-z]+/g, gerund)

/** Nouns that are not counted though Chinese counts a piece of them. */
const MASS = new Set(
  'advice art autumn bamboo bread clothing equipment evidence food fruit furniture grass hair homework information jewelry knowledge love luggage money music news paper progress research rice spring summer traffic water weather wheat winter work'.split(
    ' ',
  ),
)
/** Of these there is one. */
const UNIQUE = new Set('earth future moon ocean past sea sky sun universe world'.split(' '))
const HAS_DETERMINER =
  /^(?:an?|the|one|one's|my|your|his|her|our|their|some|any|every|each|all|both|no|this|that|two|three|four|five|\d+)(?![\w-])/i
const ADJECTIVE = /(?:ous|ful|less|able|ible)$/

/**
 * "sun" → "the sun"; where the noun is counted "mountain" → "a mountain". What has an article, is a name, a plural or no
 * noun by its looks stays as it is.
 */
export function withArticle(noun: string, counted: boolean): string {
  if (UNIQUE.has(noun)) return `the ${noun}`
  if (!counted) return noun
  const head = noun.split(/ (?:of|for|in|on|with|from|to|that|which|used|made)\b|,/)[0]
  const last = head.split(' ').at(-1)!
  const plural = /[^su]s$/.test(last) && !/is$/.test(last)
  if (HAS_DETERMINER.test(noun) || /^\P{Ll}/u.test(noun) || MASS.has(last) || plural || ADJECTIVE.test(last))
    return noun
  const vowel =
    /^(?:[aeio]|u(?!ni|s[aeiu]|t[ei])|hour|honest|honou?r|heir)/.test(noun) && !/^(?:eu|one\b|once)/.test(noun)
  return `${vowel ? 'an' : 'a'} ${noun}`
}
