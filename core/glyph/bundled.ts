import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** A font that comes with the installation, as subset files of an npm package. */
export interface BundledFont {
  /** Also the stem of the package's file names. */
  id: string
  family: string
  kind: 'sans' | 'serif' | 'brush' | 'display' | 'symbols'
  package: string
  /** Range of weights of the variable font, or its only weight. */
  weights: [number, number]
  /** Main scripts, ISO 15924. */
  scripts: string[]
  /**
   * Package with the whole font, a file for each hundred of weight. The subset files have the usual letters; what only the
   * whole font has are combining marks with the places where letters take them, phonetic letters and symbols.
   */
  whole?: string
  /** Draws only where it is chosen: it never stands in for a character that another font lacks. */
  chosenOnly?: true
}

const noto = (
  id: string,
  family: string,
  kind: BundledFont['kind'],
  scripts: string[],
  lightest = 100,
  boldest = 900,
): BundledFont => ({ id, family, kind, package: `@fontsource-variable/${id}`, weights: [lightest, boldest], scripts })

/** A face of one weight, for words that are to have a character of their own. */
const display = (id: string, family: string, kind: 'brush' | 'display', scripts: string[]): BundledFont => ({
  ...{ id, family, kind, scripts, package: `@fontsource/${id}`, weights: [400, 400], chosenOnly: true },
})

/** All under the SIL Open Font License 1.1: NOTICES.md. */
export const BUNDLED_FONTS: readonly BundledFont[] = [
  {
    ...noto('noto-sans', 'Noto Sans', 'sans', ['Latn', 'Cyrl', 'Grek', 'Deva']),
    whole: '@expo-google-fonts/noto-sans',
  },
  noto('noto-sans-sc', 'Noto Sans SC', 'sans', ['Hans', 'Hant', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-jp', 'Noto Sans JP', 'sans', ['Jpan', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-tc', 'Noto Sans TC', 'sans', ['Hant', 'Kana', 'Latn', 'Cyrl']),
  noto('noto-sans-hebrew', 'Noto Sans Hebrew', 'sans', ['Hebr', 'Latn']),
  noto('noto-sans-arabic', 'Noto Sans Arabic', 'sans', ['Arab', 'Latn']),
  noto('noto-serif', 'Noto Serif', 'serif', ['Latn', 'Cyrl', 'Grek']),
  noto('noto-serif-sc', 'Noto Serif SC', 'serif', ['Hans', 'Hant', 'Kana', 'Latn', 'Cyrl'], 200),
  {
    id: 'ma-shan-zheng',
    family: 'Ma Shan Zheng',
    kind: 'brush',
    package: '@fontsource/ma-shan-zheng',
    weights: [400, 400],
    scripts: ['Hans', 'Latn'],
  },
  display('zhi-mang-xing', 'Zhi Mang Xing', 'brush', ['Hans', 'Latn']),
  display('long-cang', 'Long Cang', 'brush', ['Hans', 'Latn']),
  display('lobster', 'Lobster', 'display', ['Latn', 'Cyrl']),
  display('pacifico', 'Pacifico', 'display', ['Latn', 'Cyrl']),
  display('russo-one', 'Russo One', 'display', ['Latn', 'Cyrl']),
  display('ruslan-display', 'Ruslan Display', 'display', ['Latn', 'Cyrl']),
  noto('noto-emoji', 'Noto Emoji', 'symbols', ['Zsye'], 300, 700),
]

interface Subset {
  path: string
  /** Inclusive code point ranges. */
  ranges: [number, number][]
}

/** "U+0-FF,U+131" → [[0, 255], [305, 305]]. */
function parseRanges(text: string): [number, number][] {
  return text.split(',').map(part => {
    const [from, to] = part.trim().slice(2).split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to ?? from, 16)]
  })
}

const subsets = new Map<string, Subset[]>()

/** The package's subset files with the code points that each is meant for, read once from its unicode.json. */
function subsetsOf(font: BundledFont): Subset[] {
  let known = subsets.get(font.id)
  if (!known) {
    const folder = dirname(require.resolve(`${font.package}/package.json`))
    const listed: Record<string, string> = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'))
    const style = font.weights[0] === font.weights[1] ? `${font.weights[0]}` : 'wght'
    known = Object.entries(listed).map(([name, ranges]) => ({
      path: join(folder, 'files', `${font.id}-${name.replace(/[[\]]/g, '')}-${style}-normal.woff2`),
      ranges: parseRanges(ranges),
    }))
    subsets.set(font.id, known)
  }
  return known
}

/**
 * The subset files of a bundled font that are meant for a character. Ranges are shared among a foundry's fonts and may
 * name characters that this font lacks: only the file itself tells.
 * @param text the character, in all forms in which it may be found
 */
export function bundledFiles(font: BundledFont, text: string): string[] {
  const points = [...text].map(c => c.codePointAt(0)!)
  return subsetsOf(font)
    .filter(({ ranges }) => ranges.some(([from, to]) => points.some(point => point >= from && point <= to)))
    .map(({ path }) => path)
}

/** Names of the weights in the file names of the whole font. */
const WEIGHTS = ['Thin', 'ExtraLight', 'Light', 'Regular', 'Medium', 'SemiBold', 'Bold', 'ExtraBold', 'Black']

/** The file of the whole font nearest to a weight, null where there are only subsets. */
export function wholeFile({ whole, family }: BundledFont, weight: number): string | null {
  if (!whole) return null
  const step = Math.min(9, Math.max(1, Math.round(weight / 100)))
  const style = `${100 * step}${WEIGHTS[step - 1]}`
  return join(dirname(require.resolve(`${whole}/package.json`)), style, `${family.replaceAll(' ', '')}_${style}.ttf`)
}
