import type { Layout } from '../contract/request.ts'
import { fault } from '../faults/fault.ts'
import { type FontChoice, openFaces } from './fonts.ts'
import { inkOf, type LaidOut, layOut, type Setting } from './layout.ts'
import { place, toPathData } from './outline.ts'
import type { PlacedCharacter } from './types.ts'

/** Letters may grow until their ink meets the frame; a word of punctuation alone stays within this many frames per em. */
const LARGEST_PUNCTUATION = 1.4
const LARGEST_LETTERS = 3

/** Em units → canvas pixels: the ink as large as the frame allows, and centred. */
function fitInk(laidOut: LaidOut[], word: string, shear: number, width: number, height: number, margin: number) {
  const ink = inkOf(laidOut, shear)
  if (!ink) throw fault('wordHasNoInk')
  const free = margin * Math.min(width, height)
  const frame = { width: width - 2 * free, height: height - 2 * free }
  const largest =
    (/[\p{L}\p{N}\p{S}]/u.test(word) ? LARGEST_LETTERS : LARGEST_PUNCTUATION) * Math.min(frame.width, frame.height)
  const scale = Math.min(frame.width / (ink.x1 - ink.x0), frame.height / (ink.y1 - ink.y0), largest)
  return {
    scale,
    x: width / 2 - (scale * (ink.x0 + ink.x1)) / 2,
    y: height / 2 - (scale * (ink.y0 + ink.y1)) / 2,
  }
}

/**
 * Where each character of a checked word stands on a canvas of width × height pixels, and its outline there: laid out,
 * shaped and fitted so that the ink fills the canvas inside the margin, centred.
 * @throws StudioError bad-word, missing-glyph, bad-font
 */
export async function placeWord(
  word: string,
  layout: Layout & FontChoice & Setting,
  width: number,
  height: number,
): Promise<PlacedCharacter[]> {
  const faces = await openFaces(word, layout)
  const shear = Math.tan((layout.slant * Math.PI) / 180)
  const free = 2 * layout.margin * Math.min(width, height)
  const frame = { width: width - free, height: height - free }
  const laidOut = layOut(word, faces, layout.direction, frame, shear, layout)
  const { scale, x, y } = fitInk(laidOut, word, shear, width, height, layout.margin)
  return laidOut
    .filter(({ character }) => character.ink)
    .map(({ character, ...at }): PlacedCharacter => {
      const { char, face, cell, outline } = character
      const pen = { x: x + scale * at.x, y: y + scale * at.y }
      return {
        char,
        cell: {
          x: pen.x + scale * cell.x0,
          y: pen.y + scale * cell.y0,
          width: scale * (cell.x1 - cell.x0),
          height: scale * (cell.y1 - cell.y0),
        },
        path: toPathData(place(outline, { a: scale, c: -shear * scale, d: scale, e: pen.x, f: pen.y })),
        font: { name: face.name, sha256: face.sha256 },
      }
    })
}
