/** The closest names to one that is not known, for an error that helps. */

/** Edits (insert, delete, replace) from a to b. Source: Wagner and Fischer 1974. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}

/** At most three known ids, the closest first; an id that contains the wanted one, or the reverse, counts as close. */
export function nearest(wanted: string, known: readonly string[]): string[] {
  const text = wanted.slice(0, 60).toLowerCase()
  const distance = (id: string) => (text && (id.includes(text) || text.includes(id)) ? 1 : editDistance(text, id))
  const ranked = known.map(id => ({ id, distance: distance(id) })).sort((a, b) => a.distance - b.distance)
  return ranked.slice(0, 3).map(({ id }) => id)
}
