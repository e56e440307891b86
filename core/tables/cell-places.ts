/** Where the cells of a workbook's sheet stand: an attribute that ECMA-376 (18.3.1.4, `r` of `c`) lets a program leave out. */

/** Excel's last column is XFD. */
const MOST_COLUMNS = 16_384

const ROW_OR_CELL = /<((?:\w{1,20}:)?)(row|c)(?=[\s/>])([^<>]{0,500})>/g
const PLACELESS = /<(?:\w{1,20}:)?c(?=[\s/>])(?![^<>]{0,500}\sr="[A-Z]{0,3}\d{1,7}")/
const PLACE = /\sr="([A-Z]{0,3})(\d{1,7})"/

/** A sheet's XML in which every cell says its place: those that do not stand right of the one before, or below the row before. */
export function withPlaces(xml: string): string {
  // Nearly all programs say them; writing a million cells anew takes six times as long as looking.
  if (!PLACELESS.test(xml)) return xml
  let row = 0
  let column = 0
  return xml.replace(ROW_OR_CELL, (tag, prefix: string, name: string, attributes: string) => {
    const [, letters, number] = PLACE.exec(attributes) ?? []
    if (name === 'row') {
      row = number === undefined ? row + 1 : Number(number)
      column = 0
      return tag
    }
    column = letters ? numberOf(letters) : column + 1
    if (number !== undefined || column > MOST_COLUMNS) return tag
    return `<${prefix}c r="${lettersOf(column)}${row}"${attributes}>`
  })
}

/** "A" is 1, "AA" 27. */
const numberOf = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

function lettersOf(column: number): string {
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}
