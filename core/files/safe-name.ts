/** File names that every system takes, from any text. */

/** Reserved by Windows with any ending, in any case. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$/i

/** UTF-8 bytes of a name without its ending: ext4 and APFS take 255 bytes, eCryptfs 143, and " (12).png" has to fit. */
export const MAX_NAME_BYTES = 120

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * A text as a file name without ending: never empty, never a path, never hidden, the same letters as far as Windows, Mac
 * and Linux take them. Composed (NFC), since Mac and Linux disagree on decomposed names. Direction marks and other
 * invisible characters go: they make two names look alike, or "gpj.exe" look like a picture.
 */
export function safeName(text: string, fallback = 'picture', maxBytes = MAX_NAME_BYTES): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    // Joiners inside a cluster shape letters and emoji; other invisible characters have no meaning in a name.
    .replace(
      /[\p{Cc}\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
      ' ',
    )
    .replace(/[<>:"/\\|?*\ufffd]/g, '_')
    .replace(/\s+/g, ' ')
  const trimmed = trim(shorten(trim(clean), maxBytes))
  // A reserved name is reserved up to its first dot: "nul.tar" too.
  const named = RESERVED.test(trimmed.split('.')[0].trim()) ? `_${trimmed}` : trimmed
  return named === '' ? fallback : named
}

/** Windows drops dots and spaces at the end, and a dot in front hides a file. A leading dash looks like an option. */
function trim(text: string): string {
  return text.replace(/^[\s.~-]+/, '').replace(/(?<![\s.\u200c\u200d])[\s.\u200c\u200d]+$/, '')
}

/** Cut between grapheme clusters; a single cluster beyond the limit (a letter with a thousand marks) is cut inside. */
function shorten(text: string, maxBytes: number): string {
  let bytes = 0
  let out = ''
  for (const { segment } of graphemes.segment(text)) {
    const size = Buffer.byteLength(segment)
    if (bytes + size > maxBytes) return out === '' ? cut(segment, maxBytes) : out
    bytes += size
    out += segment
  }
  return out
}

function cut(text: string, maxBytes: number): string {
  let out = ''
  for (const char of text) {
    if (Buffer.byteLength(out + char) > maxBytes) break
    out += char
  }
  return out
}

/** Names with the same key are the same file on some system: Windows and Mac ignore case and composition. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFC')

/** Hands out each name once; a taken one gets " (2)", " (3)" … */
export class NameBook {
  readonly #taken = new Set<string>()

  take(name: string): string {
    let free = name
    for (let n = 2; this.#taken.has(nameKey(free)); n++) free = `${name} (${n})`
    this.#taken.add(nameKey(free))
    return free
  }
}
