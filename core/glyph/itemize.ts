/** A paragraph cut into what is shaped as one: characters of one font, one script and one direction. */
import { embeddingLevels } from './bidi.ts'
import type { Face } from './font-file.ts'
import { sameRun, scriptOf } from './scripts.ts'
import { clustersOf, isIgnorable, isSpace } from './text.ts'

/** A grapheme cluster in its paragraph. */
export interface Character {
  text: string
  /** UTF-16 units of the paragraph, end exclusive. */
  start: number
  end: number
  face: Face
  /** ISO 15924, resolved: what all scripts share takes its neighbour's. */
  script: string
  /** Bidirectional embedding level: odd runs right to left. */
  level: number
}

/** Text without a line end. */
export interface Paragraph {
  text: string
  characters: Character[]
  /** Level of the paragraph itself: 1 where its first strong letter runs right to left. */
  base: number
}

export interface Run {
  characters: Character[]
  face: Face
  script: string
  level: number
}

/** Neither of them shows ink: they go with the font of the text around them where that has them. */
const isInvisible = (text: string) => isSpace(text) || [...text].every(isIgnorable)

/** A space between words of one font is that font's, so that the words are shaped together. */
function settleSpaces(characters: Character[]): void {
  for (const [i, character] of characters.entries()) {
    if (!isInvisible(character.text)) continue
    const before = characters[i - 1]?.face
    const after = characters.slice(i + 1).find(({ text }) => !isInvisible(text))?.face
    const face = before ?? after
    if (!face || (before && after && before !== after)) continue
    if ([...character.text].every(c => isIgnorable(c) || face.font.hasGlyph(c.codePointAt(0)!))) character.face = face
  }
}

/** What has no script of its own takes that of the text before it, at the beginning of the text after it. */
function settleScripts(characters: Character[], own: (string | null)[]): void {
  let script = own.find(code => code !== null) ?? 'Zyyy'
  for (const [i, character] of characters.entries()) {
    const code = own[i]
    // Kana among Han characters stay in one run; its script is that of its first character.
    if (code !== null && !(i > 0 && sameRun(code, script))) script = code
    character.script = script
  }
}

/**
 * @param text without line ends
 * @param faces of every cluster in it
 */
export function itemize(text: string, faces: ReadonlyMap<string, Face>): Paragraph {
  const { levels, base } = embeddingLevels(text)
  let start = 0
  const characters = clustersOf(text).map((cluster): Character => {
    const end = start + cluster.length
    const character = { text: cluster, start, end, face: faces.get(cluster)!, script: '', level: levels[start] }
    start = end
    return character
  })
  settleSpaces(characters)
  const own = characters.map(({ text: cluster }) => [...cluster].map(scriptOf).find(code => code !== null) ?? null)
  settleScripts(characters, own)
  return { text, characters, base }
}

/** Consecutive characters that are shaped together, in logical order. */
export function runsOf(characters: readonly Character[]): Run[] {
  const runs: Run[] = []
  for (const character of characters) {
    const { face, script, level } = character
    const last = runs.at(-1)
    if (last && last.face === face && last.script === script && last.level === level) last.characters.push(character)
    else runs.push({ characters: [character], face, script, level })
  }
  return runs
}
