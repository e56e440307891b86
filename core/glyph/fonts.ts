/** Which font draws which character of a word, known before anything is drawn. */
import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { BUNDLED_FONTS, type BundledFont, bundledFiles, wholeFile } from './bundled.ts'
import { composed, folded, isCovered, variantsIn } from './coverage.ts'
import { type Face, openFace } from './font-file.ts'
import { standIns } from './stand-ins.ts'
import { type FontFile, nearestFont, ownFontFolder, systemFonts } from './system-fonts.ts'
import { clustersOf } from './text.ts'

/** How the fonts of a word are chosen. */
export interface FontChoice extends Pick<Layout, 'font' | 'weight' | 'fallback'> {
  /** Where `font` was found (`locate`), unless it is a bundled one. */
  file?: FontFile | null
  /** Fonts of the system, in the order in which they may draw what nothing else has. */
  standIns?: readonly FontFile[]
}

/** Something that can draw some characters. */
interface FontSource {
  name: string
  /** The opened font that has every character of the cluster, or null. */
  face(cluster: string): Promise<Face | null>
}

async function firstCovering(paths: Iterable<string>, cluster: string, weight: number, family: string) {
  for (const path of paths) {
    const face = await openFace(path, weight, 0, family)
    if (isCovered(face.font, cluster)) return face
  }
  return null
}

function bundledSource(font: BundledFont, weight: number): FontSource {
  return {
    name: font.family,
    async face(cluster) {
      const firsts = [cluster, composed(cluster)].map(text => String.fromCodePoint(text.codePointAt(0)!))
      const found = await firstCovering(bundledFiles(font, firsts.join('')), cluster, weight, font.family)
      // A letter with a mark that no subset has: base and mark both come from the whole font, which places the mark.
      return found ?? (/\p{M}/u.test(cluster) ? wholeSource(font, weight).face(cluster) : null)
    },
  }
}

/** What the subset files of a bundled font leave out. */
function wholeSource(font: BundledFont, weight: number): FontSource {
  return {
    name: font.family,
    face: cluster => {
      const path = wholeFile(font, weight)
      return firstCovering(path ? [path] : [], cluster, weight, font.family)
    },
  }
}

function fileSource({ path, name, index }: FontFile, weight: number): FontSource {
  return {
    name,
    async face(cluster) {
      const face = await openFace(path, weight, index)
      return isCovered(face.font, cluster) ? face : null
    },
  }
}

/** Kana in the word: its Han characters are Japanese too. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u

/** The bundled fonts in order; emoji come last, so that digits and signs that have an emoji stay letters. */
function bundledChain(word: string, weight: number): FontSource[] {
  const last = BUNDLED_FONTS.filter(({ kind }) => kind === 'symbols')
  const japanese = KANA.test(word)
  const fonts = BUNDLED_FONTS.filter(font => !last.includes(font) && !font.chosenOnly).sort(
    (a, b) => Number(japanese && b.id === 'noto-sans-jp') - Number(japanese && a.id === 'noto-sans-jp'),
  )
  return [
    ...fonts.map(font => bundledSource(font, weight)),
    ...fonts.filter(({ whole }) => whole).map(font => wholeSource(font, weight)),
    ...last.map(font => bundledSource(font, weight)),
  ]
}

const looksLikePath = (font: string) => /[/\\]|\.(ttf|otf|ttc|otc|woff2?)$/i.test(font)

/** The bundled font of that id or family. */
export const bundledFont = (font: string): BundledFont | undefined =>
  BUNDLED_FONTS.find(({ id, family }) => font === id || font.toLowerCase() === family.toLowerCase())

/**
 * Where a font that is not bundled lies: a path as it is, a family among the fonts of the system.
 * @throws StudioError bad-font: no such family
 */
export async function locate(font: string, weight: number): Promise<FontFile> {
  if (looksLikePath(font)) return { path: font, name: font, index: 0 }
  // Another process of the studio may have added it since this one looked.
  const found =
    nearestFont(await systemFonts(), font, weight) ??
    nearestFont(await systemFonts([ownFontFolder()], true), font, weight)
  if (!found) throw fault('noSuchFont', { font })
  return { path: found.path, name: found.family, index: found.index }
}

async function chosenSources({ font, weight, file }: FontChoice): Promise<FontSource[]> {
  const bundled = font === null ? null : bundledFont(font)
  if (bundled) return [bundledSource(bundled, weight), wholeSource(bundled, weight)]
  const located = file ?? (await locate(font!, weight))
  await openFace(located.path, weight, located.index)
  return [fileSource(located, weight)]
}

async function sourcesFor(word: string, choice: FontChoice): Promise<FontSource[]> {
  const { font, weight, fallback } = choice
  if (font === null) return bundledChain(word, weight)
  const chosen = await chosenSources(choice)
  return fallback ? [...chosen, ...bundledChain(word, weight)] : chosen
}

interface Coverage {
  /** Grapheme cluster → font. */
  faces: Map<string, Face>
  missing: string[]
  tried: string[]
}

async function cover(word: string, choice: FontChoice): Promise<Coverage> {
  const sources = await sourcesFor(word, choice)
  const faces = new Map<string, Face>()
  const missing: string[] = []
  const find = async (cluster: string) => {
    for (const source of sources) {
      const face = await source.face(cluster)
      if (face) return face
    }
    return null
  }
  for (const cluster of new Set(clustersOf(word))) {
    if (cluster === '\n') continue
    const plain = folded(cluster)
    const face = (await find(cluster)) ?? (plain === null ? null : await find(plain))
    if (face) faces.set(cluster, face)
    else missing.push(cluster)
  }
  const tried = [...new Set(sources.map(({ name }) => name))]
  if (!choice.standIns || missing.length === 0) return { faces, missing, tried }
  for (const [cluster, face] of await standIns(choice.standIns, missing, choice.weight)) faces.set(cluster, face)
  return { faces, missing: missing.filter(cluster => !faces.has(cluster)), tried }
}

/** @throws StudioError missing-glyph naming the characters and the fonts tried; bad-font */
export async function openFaces(word: string, choice: FontChoice): Promise<Map<string, Face>> {
  const { faces, missing, tried } = await cover(word, choice)
  if (missing.length === 0) return faces
  const variant = missing.find(cluster => variantsIn(cluster).length > 0)
  if (variant) throw fault('noVariant', { character: describe(variant), fonts: tried.join(', ') })
  throw fault('noOutline', {
    characters: missing.map(describe).join(', '),
    count: missing.length,
    fonts: tried.join(', '),
    chosen: choice.font !== null && !choice.fallback,
  })
}

const describe = (cluster: string) =>
  `${cluster} (${[...cluster].map(c => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`).join(' ')})`

/** The characters of a word that no font of the choice has, each once, in order. @throws StudioError bad-font */
export async function uncovered(word: string, choice: FontChoice): Promise<string[]> {
  return (await cover(word, choice)).missing
}
