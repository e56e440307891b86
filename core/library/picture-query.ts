/** What the library is searched for, and how that is said in SQL. */
import type { SQLInputValue } from 'node:sqlite'
import { z } from 'zod'
import { fold } from './search-text.ts'

export const querySchema = z.strictObject({
  /** Parts of word, translation, prompt, style, tags or notes; all must occur. */
  text: z.string().max(200).optional(),
  word: z.string().optional(),
  style: z.string().optional(),
  /** All of them. */
  tags: z.array(z.string()).optional(),
  /** At least. */
  rating: z.int().min(0).max(5).optional(),
  /** ISO 8601, from inclusive, until exclusive. */
  from: z.string().optional(),
  until: z.string().optional(),
  draft: z.boolean().optional(),
  /** Id of a set. */
  set: z.string().optional(),
  /** Name of an album of the user's own. */
  album: z.string().optional(),
  /** false: leaves out what was made in sets. */
  inSets: z.boolean().optional(),
  trashed: z.boolean().default(false),
  sort: z.enum(['date', 'rating', 'legibility']).default('date'),
  order: z.enum(['descending', 'ascending']).default('descending'),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(100),
})
export type LibraryQuery = z.input<typeof querySchema>
export type CompleteQuery = z.infer<typeof querySchema>

const SORTS = { date: 'created', rating: 'rating', legibility: 'legibility' } as const

/** What stands behind ORDER BY: pictures that are alike stand by their time, so that pages never overlap. */
export function orderOf({ order, sort }: CompleteQuery): string {
  const direction = order === 'ascending' ? 'ASC' : 'DESC'
  return `${SORTS[sort]} ${direction} NULLS LAST, created ${direction}, id`
}

/** What stands behind WHERE, with the values of its question marks. */
export function conditions(query: CompleteQuery): { where: string; values: SQLInputValue[] } {
  const parts: [string, ...SQLInputValue[]][] = [[`trashed IS ${query.trashed ? 'NOT ' : ''}NULL`]]
  // instr, not LIKE: a searched "%" is a percent sign, and case is folded for every script.
  for (const part of fold(query.text ?? '').split(/\s+/)) if (part) parts.push(['instr(search, ?) > 0', part])
  if (query.word !== undefined) parts.push(['word = ?', query.word.normalize('NFC')])
  if (query.style !== undefined) parts.push(['style = ?', query.style])
  if (query.rating) parts.push(['rating >= ?', query.rating])
  if (query.from !== undefined) parts.push(['created >= ?', query.from])
  if (query.until !== undefined) parts.push(['created < ?', query.until])
  if (query.draft !== undefined) parts.push(['draft = ?', query.draft ? 1 : 0])
  if (query.set !== undefined) parts.push(['set_id = ?', query.set])
  if (query.inSets === false) parts.push(['set_id IS NULL'])
  if (query.album !== undefined)
    parts.push(['EXISTS (SELECT 1 FROM albums WHERE picture = pictures.id AND album = ?)', query.album])
  for (const tag of query.tags ?? [])
    parts.push(['EXISTS (SELECT 1 FROM tags WHERE picture = pictures.id AND tag = ?)', tag])
  return { where: parts.map(([sql]) => sql).join(' AND '), values: parts.flatMap(([, ...values]) => values) }
}
