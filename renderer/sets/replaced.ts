/** What is taken out of a set, or replaced in it, so that it can be brought back. */
import type { Place } from '../../core/tables/rows.ts'
import { FIRST_SET, type SetDraft } from './draft.ts'

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The former values of the fields that differ. */
export function replacedFields(before: SetDraft, after: SetDraft): Partial<SetDraft> {
  const differ = Object.entries(before).filter(([field, value]) => !same(value, after[field as keyof SetDraft]))
  return Object.fromEntries(differ) as Partial<SetDraft>
}

/** Whether anything in these fields was ever written or chosen. */
export const isWritten = (fields: Partial<SetDraft>): boolean =>
  Object.entries(fields).some(([field, value]) => !same(value, FIRST_SET[field as keyof SetDraft]))

/** A list without the records that are wrong, each with all of its lines. @returns also how many lines that were */
export function withoutLines(text: string, wrong: readonly Place[]): { words: string; count: number } {
  const out = new Set<number>()
  for (const { line, lines: [first, last] = [line, line] } of wrong) for (let at = first; at <= last; at++) out.add(at)
  const lines = text.split(/\r\n|\n|\r/)
  const left = lines.filter((_, at) => !out.has(at + 1))
  return { words: left.join('\n'), count: lines.length - left.length }
}
