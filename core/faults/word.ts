/** Errors of the word, its characters and the fonts that draw them. */
import { says } from './says.ts'

const WORD = 'Type a word of 1 to 64 characters.'
const FONT = 'Choose a TrueType, OpenType or WOFF font file (.ttf, .otf, .ttc, .woff, .woff2).'

interface FontFile {
  file: string
}

export const word = {
  wordHasNoInk: says('bad-word', () => ['The word has no ink.', 'Type at least one visible character.']),
  wordIsEmpty: says('bad-word', () => ['The word is empty.', WORD]),
  wordHoldsHalfCharacter: says('bad-word', () => ['The word holds half a character.', WORD]),
  wordHoldsControlCharacter: says('bad-word', ({ code }: { code: string }) => [
    `The word holds a control character (U+${code}).`,
    WORD,
  ]),
  wordTooLong: says('bad-word', ({ count, most }: { count: number; most: number }) => [
    `The word has ${count} characters; ${most} is the most.`,
    WORD,
  ]),
  noWordNorPrompt: says('bad-word', () => [
    'There is neither a word nor a prompt.',
    'Give a word to draw, or a prompt.',
  ]),
  noWordForMaps: says('bad-word', () => [
    'Maps are to be drawn from the word, and there is no word.',
    'Give a word, or set "controls" to null.',
  ]),
  /** No font of those that may draw the word has these characters. */
  noOutline: says('missing-glyph', (v: { characters: string; count: number; fonts: string; chosen: boolean }) => [
    `No outline for ${v.characters} in ${v.fonts}.`,
    v.chosen
      ? 'Tick "Missing characters in another font" ("fallback" in a request\'s layout), or choose another font.'
      : `Choose a font that has ${v.count > 1 ? 'these characters' : 'this character'}, or change the word.`,
  ]),
  /** The font knows the character, as a picture. */
  glyphIsPicture: says('missing-glyph', ({ font, character }: { font: string; character: string }) => [
    `${font} has no outline for ${character}.`,
    'This font holds coloured pictures. Choose one that draws with outlines, such as Noto Emoji.',
  ]),
  /** The font knows the character and draws nothing for it. */
  glyphIsEmpty: says('bad-font', ({ font, character }: { font: string; character: string }) => [
    `The font ${font} draws nothing for ${character}.`,
    'Choose another font.',
  ]),
  /** A variation selector asks for a form of the character that no font of those that may draw it has. */
  noVariant: says('missing-glyph', ({ character, fonts }: { character: string; fonts: string }) => [
    `No font has this form of the character ${character}: ${fonts}.`,
    'Choose a font that has it, or delete the variation selector.',
  ]),
  fontTakesTooLong: says('bad-font', ({ font }: { font: string }) => [
    `The font ${font} takes too long or too much memory to draw.`,
    'Choose another font.',
  ]),
  noSuchFont: says('bad-font', ({ font }: { font: string }) => [
    `No font "${font}" is installed.`,
    'Choose a font from the list, or give the path of a font file.',
  ]),
  fontCannotDraw: says('bad-font', ({ font, text }: { font: string; text: string }) => [
    `The font ${font} is damaged: it cannot draw "${text}".`,
    'Choose another font.',
  ]),
  notAFont: says('bad-font', ({ file }: FontFile) => [`"${file}" is not a font.`, FONT]),
  fontDamaged: says('bad-font', ({ file }: FontFile) => [`"${file}" is a damaged font.`, FONT]),
  fontUnreadable: says('bad-font', ({ file }: FontFile) => [`"${file}" cannot be read.`, FONT]),
  fontIsNoFile: says('bad-font', ({ file }: FontFile) => [`"${file}" is not a file.`, FONT]),
  fontTooLarge: says('bad-font', ({ file }: FontFile) => [`"${file}" is larger than 512 MB.`, FONT]),
  ownFontTooLarge: says('bad-font', ({ file }: FontFile) => [`"${file}" is larger than 128 MB.`, FONT]),
  fontForWeb: says('bad-font', ({ file }: FontFile) => [
    `"${file}" is a font packed for web pages.`,
    'Add the same font as .ttf or .otf, which its maker offers too.',
  ]),
  fontIsHere: says('bad-font', ({ font }: { font: string }) => [
    `The font "${font}" is here already.`,
    'Choose it in the list of fonts.',
  ]),
  outlineMisdrawn: says('internal', () => [
    'The outline was drawn at another size.',
    'Report this word and its layout.',
  ]),
  strokeDataUnreadable: says('internal', ({ character }: { character: string }) => [
    `The stroke data of ${character} cannot be read.`,
    'Install the studio again.',
  ]),
  dictionaryUnreadable: says('internal', ({ file, reason }: FontFile & { reason: string }) => [
    `The Chinese dictionary ${file} cannot be read: ${reason}.`,
    'Install the studio again, or give a translation so that none has to be looked up.',
  ]),
}
