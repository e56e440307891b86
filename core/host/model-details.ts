/** What the models screen says of one model or part: from headers and metadata alone. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectWeights } from '../machine/inspect-weights.ts'
import type { KnownModel } from '../machine/registry.ts'
import type { ModelDetails } from './api/models.ts'

/** The words with which most of a LoRA's training pictures were captioned, the most frequent first. */
const MOST_WORDS = 8

/** @throws StudioError 'missing-model', 'bad-weights' */
export async function detailsOf({ id, path }: KnownModel): Promise<ModelDetails> {
  const info = await stat(path)
  if (info.isDirectory()) return { id, ...(await ofFolder(path)) }
  const { description, bytes, missing, leftOver, advice, metadata, widening } = await inspectWeights(path)
  return {
    id,
    bytes,
    description,
    parts: [],
    missing,
    leftOver: Object.values(leftOver).flat().length,
    widening,
    advice: advice && { training: advice.training, suggested: advice.suggested },
    triggerWords: triggerWords(metadata),
  }
}

async function ofFolder(path: string): Promise<Omit<ModelDetails, 'id'>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const weights = entries.filter(entry => !entry.isDirectory() && entry.name.endsWith('.safetensors'))
  const sizes = await Promise.all(
    weights.map(async entry => {
      const file = join(entry.parentPath, entry.name)
      return {
        name: file.slice(path.length + 1),
        bytes: await stat(file)
          .then(info => info.size)
          .catch(() => 0),
      }
    }),
  )
  const parts = Map.groupBy(sizes, ({ name }) => name.split(/[/\\]/).slice(0, -1).join('/') || name)
  const sum = (all: { bytes: number }[]) => all.reduce((total, one) => total + one.bytes, 0)
  return {
    bytes: sum(sizes),
    description: null,
    parts: [...parts].map(([name, all]) => ({ name, bytes: sum(all) })),
    ...{ missing: [], leftOver: 0, widening: 0, advice: null, triggerWords: [] },
  }
}

/** From the metadata of Kohya's trainer: captions counted by data set, or the words that its author wrote down. */
export function triggerWords(metadata: Readonly<Record<string, string>>): string[] {
  const written = metadata['modelspec.trigger_phrase'] ?? metadata['ss_trigger_words'] ?? metadata['trigger_words']
  if (written?.trim()) return written.split(',').map(clean).filter(Boolean).slice(0, MOST_WORDS)
  const counts = new Map<string, number>()
  try {
    const sets = JSON.parse(metadata['ss_tag_frequency'] ?? '{}') as Record<string, Record<string, unknown>>
    for (const tags of Object.values(sets))
      for (const [tag, count] of Object.entries(tags))
        if (typeof count === 'number' && clean(tag) !== '')
          counts.set(clean(tag), (counts.get(clean(tag)) ?? 0) + count)
  } catch {
    return [] // a stranger's metadata
  }
  const most = Math.max(0, ...counts.values())
  // What stands in most captions was trained; the rest describes single pictures.
  const often = [...counts].filter(([, count]) => count >= most * 0.5)
  return often
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_WORDS)
    .map(([tag]) => tag)
}

const clean = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 80)
