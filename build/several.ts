/** Makes and measures hundreds of pictures, several at a time. */
import type { AIImageGenerator } from '../core/generate/ai-image-generator.ts'

/**
 * Runs `work` on every item; results in their order. One item more is under way than pictures are made at once, so that no
 * picture waits for the measurement of another. `work` has to make its pictures with `together: true`.
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
