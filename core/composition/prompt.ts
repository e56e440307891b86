/** What a composition adds to a prompt that is built. */
import type { Request } from '../contract/request.ts'

/** Fragments of its blocks in paint order, each once; nothing where the request has a prompt of its own, which stands whole. */
export function additionsOf({ prompt, composition }: Pick<Request, 'prompt' | 'composition'>): { prompt?: string } {
  if (prompt !== null || !composition) return {}
  const fragments = composition.blocks.flatMap(block => block.prompt?.trim() || [])
  return fragments.length === 0 ? {} : { prompt: [...new Set(fragments)].join(', ') }
}
