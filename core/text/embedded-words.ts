/**
 * Where words of embeddings stand in a prompt: NAME as AUTOMATIC1111's web UI writes it (modules/sd_hijack.py,
 * find_embedding_at_position), embedding:NAME as ComfyUI (comfy/sd1_clip.py), <NAME> as diffusers. Letters of either case.
 */

/** Finds any of these words; the group is the word itself. null: there are none. */
export function embeddedWordPattern(tokens: Iterable<string>): RegExp | null {
  // The longest first, so that "bad-hands-5" is not "bad-hands" and a rest.
  const longestFirst = [...tokens].sort((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return null
  const any = longestFirst.map(token => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const [before, after] = ['(?<![\\p{L}\\p{N}_-])', '(?![\\p{L}\\p{N}_-])']
  const closing = '(?:(?<=<[^<>]{1,200})>)?'
  return new RegExp(
    `${before}(?:<(?=[^<>]{1,200}>))?(?:embedding:)?(${any})(?:\\.safetensors)?${after}${closing}`,
    'giu',
  )
}

const ASKED = /(?<![\p{L}\p{N}_-])embedding:([\p{L}\p{N}_.-]{1,200})/giu

/** Whether embedding:NAME stands in a prompt. */
export const asksForEmbeddings = (prompt: string): boolean => prompt.search(ASKED) >= 0

/**
 * embedding:NAME in a prompt, as ComfyUI has it, whether or not there is such an embedding: taken out where `take` says
 * true.
 */
export function takeAskedEmbeddings(prompt: string, take: (name: string) => boolean): string {
  return prompt.replace(ASKED, (whole, text: string) => {
    const name = text.replace(/(?<![.-])[.-]+$/, '').replace(/\.(safetensors|pt|bin)$/i, '')
    return take(name) ? '' : whole
  })
}
