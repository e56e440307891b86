/**
 * A designer's own SVG file as a motif's outline. The file is a stranger's: paths and plain shapes are taken, what could load, run
 * or draw anything else refuses it.
 */

import { SaxesParser } from 'saxes'
import { SVGPathData } from 'svg-pathdata'
import { COMPOSITION_LIMITS } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { extentOf, fromPathData, type Outline, toPathData } from '../glyph/outline.ts'
import { framed, type Matrix, times } from './place.ts'

/** Larger files are no motif. */
export const MOST_SVG_BYTES = 1_000_000
/** Elements nested deeper, or more of them, are no drawing. */
const DEEPEST = 64
const MOST_ELEMENTS = 20_000

/** Elements whose content is only words about the file. */
const SILENT = new Set(['title', 'desc', 'metadata'])
const GROUPS = new Set(['svg', 'g'])
/** Elements that hold nothing visible by themselves and are not needed for what is. */
const IGNORED = new Set(['defs', 'style', 'sodipodi:namedview', 'namedview'])

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

/** SVG's transform attribute. @throws RangeError */
function transformOf(text: string): Matrix {
  let matrix = IDENTITY
  const rest = text.replace(/\b(\w{1,20})\s{0,20}\(([^()]{0,500})\)\s{0,20},?/g, (_, name: string, list: string) => {
    const v = list
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number)
    if (v.some(value => !Number.isFinite(value))) throw new RangeError(`transform ${name}`)
    matrix = times(matrix, oneTransform(name, v))
    return ''
  })
  if (rest.trim() !== '') throw new RangeError(`transform ${rest.trim().slice(0, 20)}`)
  return matrix
}

function oneTransform(name: string, v: number[]): Matrix {
  const angle = ((v[0] ?? 0) * Math.PI) / 180
  const [x = 0, y = 0] = [v[1], v[2]]
  switch (name) {
    case 'matrix':
      if (v.length === 6) return [v[0], v[1], v[2], v[3], v[4], v[5]]
      break
    case 'translate':
      return [1, 0, 0, 1, v[0] ?? 0, v[1] ?? 0]
    case 'scale':
      return [v[0] ?? 1, 0, 0, v[1] ?? v[0] ?? 1, 0, 0]
    case 'rotate': {
      const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]
      return times(times([1, 0, 0, 1, x, y], turn), [1, 0, 0, 1, -x, -y])
    }
    case 'skewX':
      return [1, 0, Math.tan(angle), 1, 0, 0]
    case 'skewY':
      return [1, Math.tan(angle), 0, 1, 0, 0]
  }
  throw new RangeError(`transform ${name}`)
}

type Attributes = Readonly<Record<string, string>>

const numberOf = (attributes: Attributes, name: string, otherwise = 0): number => {
  const text = attributes[name]
  if (text === undefined) return otherwise
  const value = Number(text.replace(/px$/, ''))
  if (!Number.isFinite(value)) throw new RangeError(`${name}="${text.slice(0, 20)}"`)
  return value
}

/** Path data of the plain shapes; null for any other element. */
function pathOf(name: string, attributes: Attributes): string | null {
  const n = (attribute: string, otherwise?: number) => numberOf(attributes, attribute, otherwise)
  const ellipse = (cx: number, cy: number, rx: number, ry: number) =>
    rx > 0 && ry > 0 ? `M${cx - rx} ${cy}A${rx} ${ry} 0 0 1 ${cx + rx} ${cy}A${rx} ${ry} 0 0 1 ${cx - rx} ${cy}Z` : ''
  switch (name) {
    case 'path':
      return attributes['d'] ?? ''
    case 'rect':
      // Rounded corners become square ones: a motif's outline, not its finish.
      return `M${n('x')} ${n('y')}h${n('width')}v${n('height')}h${-n('width')}Z`
    case 'circle':
      return ellipse(n('cx'), n('cy'), n('r'), n('r'))
    case 'ellipse':
      return ellipse(n('cx'), n('cy'), n('rx'), n('ry'))
    case 'polygon':
      return `M${(attributes['points'] ?? '').trim()}Z`
    default:
      return null
  }
}

/** Absolute M, L, Q, C and Z. @throws on what is no path data */
function plain(d: string, matrix: Matrix): string {
  const data = new SVGPathData(d)
    .toAbs()
    .normalizeHVZ(false)
    .normalizeST()
    .aToC()
    .matrix(...matrix)
    .toAbs()
  return data.encode().replace(/[mlqcz]/g, op => op.toUpperCase())
}

const isHidden = ({ fill, style = '', display, visibility }: Attributes) =>
  fill === 'none' || display === 'none' || visibility === 'hidden' || /fill\s*:\s*none|display\s*:\s*none/.test(style)

/**
 * The filled shapes of an SVG file as one outline, its longer side one, for a motif's source.
 * @param name of the file, for the error
 * @throws StudioError bad-image: too large, no SVG, holds more than shapes, no shape
 */
export function motifFromSvg(bytes: Uint8Array, name: string): { path: string } {
  if (bytes.length > MOST_SVG_BYTES) throw fault('svgTooLarge', { name, most: MOST_SVG_BYTES })
  let shapes: Outline = []
  let refused: StudioError | null = null
  let elements = 0
  /** Of each open element: its matrix, and whether its content is looked at. */
  const open: { matrix: Matrix; seen: boolean; filled: boolean }[] = []
  const parser = new SaxesParser({ xmlns: false })
  // The parser's sentences end with a full stop, and so does ours.
  const wrong = (reason: string) => fault('svgUnreadable', { name, reason: reason.replace(/\.$/, '') })
  parser.on('doctype', () => {
    refused ??= fault('svgHoldsMore', { name, element: '!DOCTYPE' })
  })
  parser.on('error', error => {
    refused ??= wrong(error.message.split('\n')[0].slice(0, 120))
  })
  parser.on('opentag', ({ name: qualified, attributes }) => {
    const element = qualified.replace(/^svg:/, '')
    const parent = open.at(-1) ?? { matrix: IDENTITY, seen: true, filled: true }
    if (open.length === 0 && element !== 'svg') refused ??= wrong(`<${element.slice(0, 40)}>`)
    if (++elements > MOST_ELEMENTS || open.length > DEEPEST) refused ??= wrong('too many elements')
    if (refused) return
    try {
      const own = attributes as Attributes
      const matrix = own['transform'] ? times(parent.matrix, transformOf(own['transform'])) : parent.matrix
      const filled = (parent.filled || own['fill'] !== undefined) && !isHidden(own)
      const aside = SILENT.has(element) || IGNORED.has(element)
      open.push({ matrix, seen: parent.seen && !aside, filled })
      if (!parent.seen || aside || GROUPS.has(element)) return
      const d = pathOf(element, own)
      if (d === null) refused = fault('svgHoldsMore', { name, element: element.slice(0, 40) })
      else if (filled && d !== '') shapes = shapes.concat(fromPathData(plain(d, matrix)))
    } catch (cause) {
      refused ??= wrong((cause as Error).message.slice(0, 120))
    }
  })
  parser.on('closetag', () => {
    open.pop()
  })
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).close()
  } catch (cause) {
    refused ??= wrong((cause as Error).message.split('\n')[0].slice(0, 120))
  }
  if (refused) throw refused
  const found =
    shapes.every(({ points }) => points.every(Number.isFinite)) && extentOf(shapes) ? framed([shapes]) : null
  if (!found) throw fault('svgWithoutPaths', { name })
  const path = toPathData(found.pieces[0], 5)
  if (path.length > COMPOSITION_LIMITS.path) throw fault('svgTooLarge', { name, most: COMPOSITION_LIMITS.path })
  return { path }
}
