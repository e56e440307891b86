/**
 * Letters of alphabets whose single-byte encodings lie on those of Russian: Greek, Hebrew, Arabic, Thai. The same bytes are
 * letters in all of them, so each is told by what only its own spelling does: forms at the ends of words, accents, marks.
 */

interface Alphabet {
  letters: RegExp
  /** @param before, after the neighbours, or a space */
  score(letter: string, before: string, after: string): number
}

const AGAINST = -1.2

/** Every word of more than one syllable has one accent, and a sigma at the end of a word has a form of its own. */
const GREEK: Alphabet = {
  letters: /[\u0386-\u03ce]/,
  score(letter, before, after) {
    const [inWord, goesOn] = [before, after].map(each => this.letters.test(each))
    if (letter === 'ς' ? goesOn : letter === 'σ' && !goesOn) return AGAINST
    if (/[Α-Ω]/.test(letter) && inWord && /[ά-ώ]/.test(before)) return AGAINST
    if (/[ΐΰϊϋ]/.test(letter)) return -0.3
    return /[άέήίόύώ]/.test(letter) ? 1.1 : /[αειοηυωτσνςρπκμλ]/.test(letter) ? 0.7 : 0.3
  },
}

/** Five letters have another form at the end of a word. */
const HEBREW: Alphabet = {
  letters: /[\u05d0-\u05ea]/,
  score(letter, _before, after) {
    const goesOn = this.letters.test(after)
    if (/[ךםןףץ]/.test(letter) ? goesOn : /[כמנפצ]/.test(letter) && !goesOn) return AGAINST
    return 0.75
  },
}

/** Some letters stand only at the end of a word, alef with a hamza hardly ever within. */
const ARABIC: Alphabet = {
  letters: /[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06c1\u06cc]/,
  score(letter, before, after) {
    if (/[ةى]/.test(letter) && this.letters.test(after)) return AGAINST
    if (/[أإآ]/.test(letter) && this.letters.test(before) && before !== 'ل') return -0.5
    return /[اليمنرتوبةسدعه]/.test(letter) ? 0.8 : 0
  },
}

/** Vowels before their consonant, marks behind it; digits of its own are rare. */
const THAI: Alphabet = {
  letters: /[\u0e01-\u0e5b]/,
  score(letter, before, after) {
    const isConsonant = (each: string) => /[ก-ฮ]/.test(each)
    if (/[เ-ไ]/.test(letter)) return isConsonant(after) ? 0.8 : AGAINST
    if (/[ะ-ฺ็-๎]/.test(letter)) return /[ก-ฮะ-ฺ็-๎]/.test(before) ? 0.7 : AGAINST
    if (/[ฯๅ๏๚๛]/.test(letter)) return AGAINST
    return /[กขคงจชดตถทนบปพมยรลวสหอ]/.test(letter) ? 0.7 : 0
  },
}

export const OTHER_ALPHABETS: readonly Alphabet[] = [GREEK, HEBREW, ARABIC, THAI]
