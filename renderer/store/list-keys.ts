/** Keys that the gallery and the film strip share: 0 to 5 rate the picture that has the focus. */
import { note } from './library.ts'

/** @param ids the pictures that are rated. @returns whether the key was one of these */
export function rateByKey(key: string, ids: readonly string[]): boolean {
  if (!/^[0-5]$/.test(key) || ids.length === 0) return false
  note([...ids], { rating: Number(key) })
  return true
}
