/** Fonts of the system that draw what none of the studio's own fonts has. */
import { isCovered } from './coverage.ts'
import { type Face, openFace } from './font-file.ts'
import { type FontFile, nearestFont, type SystemFont } from './system-fonts.ts'

/** Families made for something else than words. */
const SPECIAL = /mono|code|console|symbol|math|emoji|icon|awesome|dingbat|condensed|narrow|lastresort/i

const rank = ({ family }: SystemFont): number =>
  SPECIAL.test(family) ? 3 : /^noto sans/i.test(family) ? 0 : /sans|gothic|ui$/i.test(family) ? 1 : 2

/** One upright font a family, the nearest to a weight: plain sans families first, those for code and signs last. */
export function standInFiles(fonts: SystemFont[], weight: number): FontFile[] {
  const families = new Set(fonts.map(({ family }) => family))
  return [...families]
    .map(family => nearestFont(fonts, family, weight)!)
    .filter(({ italic }) => !italic)
    .sort((a, b) => rank(a) - rank(b) || (a.family < b.family ? -1 : a.family > b.family ? 1 : 0))
    .map(({ path, family, index }) => ({ path, name: family, index }))
}

/** Code points of a font in rising order; a system's fonts hardly change while the studio runs. */
const coverages = new Map<string, Uint32Array>()

async function coverageOf({ path, index }: FontFile, weight: number): Promise<Uint32Array> {
  const key = `${path}\0${index}`
  let points = coverages.get(key)
  if (!points) {
    // One that cannot be read covers nothing. HarfBuzz gives a view of its own memory, which its next call may reuse.
    points = await openFace(path, weight, index).then(
      ({ font }) => (font.tables.coloured ? new Uint32Array() : font.tables.face.collectUnicodes().slice()),
      () => new Uint32Array(),
    )
    coverages.set(key, points)
  }
  return points
}

function includes(sorted: Uint32Array, point: number): boolean {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle] < point) from = middle + 1
    else to = middle
  }
  return sorted[from] === point
}

/**
 * Faces for grapheme clusters that nothing else has: all from the first font that has them all, so that a word looks of one
 * piece; where there is none, each from the first font that has it.
 * @returns cluster → face, without those that no font has
 */
export async function standIns(
  files: readonly FontFile[],
  clusters: readonly string[],
  weight: number,
): Promise<Map<string, Face>> {
  const found = new Map<string, Face>()
  for (const file of files) {
    const points = await coverageOf(file, weight)
    const near = clusters.filter(cluster => includes(points, cluster.codePointAt(0)!))
    if (near.length === 0) continue
    const face = await openFace(file.path, weight, file.index)
    const covered = near.filter(cluster => isCovered(face.font, cluster))
    if (covered.length === clusters.length) return new Map(clusters.map(cluster => [cluster, face]))
    for (const cluster of covered) if (!found.has(cluster)) found.set(cluster, face)
  }
  return found
}
