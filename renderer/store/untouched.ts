/** The fields that were edited since a question was asked, as they are now. */
export function editedSince<T extends object>(asked: T, now: T): Partial<T> {
  const fields = [...new Set([...Object.keys(asked), ...Object.keys(now)])] as (keyof T)[]
  const edited = fields.filter(field => !Object.is(asked[field], now[field]))
  return Object.fromEntries(edited.map(field => [field, now[field]])) as Partial<T>
}

/** The fields of a late answer that may be written: those that nobody has edited since the question was asked. */
export function untouched<T extends object>(asked: T, now: T, answer: Partial<T>): Partial<T> {
  const edited = editedSince(asked, now)
  return Object.fromEntries(Object.entries(answer).filter(([field]) => !(field in edited))) as Partial<T>
}
