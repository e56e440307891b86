/** The line of settings that AUTOMATIC1111's web UI and its relatives write: Steps: 20, Sampler: Euler a, Seed: 1. */

/** Names are bounded, so that no text takes quadratic time. */
const NAME = /\b(\w[\w \-/]{0,60}):\s{0,8}/g
const QUOTED = /"(?:\\.|[^\\"])*"(?=\s{0,8}(?:,|$))/y
const PLAIN = /[^,]*/y

/**
 * Its pairs, in order: the value is a text in quotes, JSON in brackets (civitai.com's "Civitai resources"), whose commas and
 * colons are its own, or what stands before the next comma.
 */
export function settingsIn(line: string): { name: string; value: string }[] {
  const found: { name: string; value: string }[] = []
  let bracketsClose = true
  for (let at = 0; ; ) {
    NAME.lastIndex = at
    const named = NAME.exec(line)
    if (!named) return found
    const start = NAME.lastIndex
    const end = bracketsClose && /[[{]/.test(line[start] ?? '') ? endOfBrackets(line, start) : null
    // Those behind it are not looked for again and again.
    if (end === 'never') bracketsClose = false
    const value = typeof end === 'number' ? line.slice(start, end) : valueAt(line, start)
    found.push({ name: named[1].trim(), value })
    at = start + value.length
  }
}

function valueAt(line: string, at: number): string {
  for (const pattern of [QUOTED, PLAIN]) {
    pattern.lastIndex = at
    const [value] = pattern.exec(line) ?? []
    if (value !== undefined) return value
  }
  return ''
}

/** Behind the bracket that closes the one there; 'never' where none does; null: more of the value follows it. */
function endOfBrackets(line: string, start: number): number | 'never' | null {
  let depth = 0
  let inText = false
  for (let at = start; at < line.length; at++) {
    const c = line[at]
    if (inText && c === '\\') at++
    else if (c === '"') inText = !inText
    else if (!inText && (c === '[' || c === '{')) depth++
    else if (!inText && (c === ']' || c === '}') && --depth === 0)
      return /^\s*(?:,|$)/.test(line.slice(at + 1, at + 10)) ? at + 1 : null
  }
  return 'never'
}
