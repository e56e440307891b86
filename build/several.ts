/** Measurements over hundreds of pictures: several at once. */
import type { AIImageGenerator } from '../core/generate/ai-image-generator.ts'

/**
 * What `work` says of each item, in their order. One more is begun than pictures are made at once, so that none waits for
 * what is computed about another. The pictures are to be made `together`.
 */
export async function several<T, R>(
  items: readonly T[],
  { atOnce }: Pick<AIImageGenerator, 'atOnce'>,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const rest = items.entries()
  const worker = async () => {
    for (const [i, item] of rest) results[i] = await work(item, i)
  }
  await Promise.all(Array.from({ length: atOnce + 1 }, worker))
  return results
}
