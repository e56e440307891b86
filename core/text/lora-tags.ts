/** <lora:name:0.8> in a prompt, as AUTOMATIC1111's web UI writes it. Source: its modules/extra_networks.py, parse_prompt. */

export interface LoraTag {
  /** A file's name without its ending. */
  readonly name: string
  readonly weight: number
}

const TAG = / ?<(?:lora|lyco):([^:<>]{1,200})(?::([^<>]{0,40}))?>/g

/** Takes out the tags for which `take` says true; a tag without a weight, or with one that is no number, weighs 1. */
export function takeLoraTags(prompt: string, take: (tag: LoraTag) => boolean): string {
  return prompt.replace(TAG, (whole, name: string, text: string | undefined) => {
    // A further colon gives the text encoders a weight of their own there; the first counts for both here.
    const weight = Number.parseFloat(text?.split(':')[0] ?? '1')
    return take({ name, weight: Number.isFinite(weight) ? weight : 1 }) ? '' : whole
  })
}

/** Every tag of a prompt, in order. */
export function loraTagsOf(prompt: string): LoraTag[] {
  const tags: LoraTag[] = []
  takeLoraTags(prompt, tag => {
    tags.push(tag)
    return false
  })
  return tags
}
