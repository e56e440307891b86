/** Errors of pictures that are read: controls, masks, and PNGs whose settings are imported. */
import { says } from './says.ts'

const FORMATS = 'Choose a PNG, JPEG, WebP, TIFF, AVIF or GIF picture.'

interface Named {
  /** In quotation marks, or "The picture". */
  name: string
}

export const image = {
  notAPicture: says('bad-image', ({ name }: Named) => [`${name} is not a picture that can be read.`, FORMATS]),
  pictureDamaged: says('bad-image', ({ name }: Named) => [`${name} is damaged.`, FORMATS]),
  pictureIsHeic: says('bad-image', ({ name }: Named) => [
    `${name} is a HEIC picture, which cannot be read here.`,
    'Save it as JPEG or PNG. An iPhone takes JPEG with Settings, Camera, Formats, Most Compatible.',
  ]),
  pictureTooLarge: says('bad-image', ({ name, width, height }: Named & { width: number; height: number }) => [
    `${name} is too large: ${width} × ${height} pixels.`,
    'Make it smaller: up to 20,000 pixels a side and 100 megapixels are read.',
  ]),
  pictureOverfull: says('bad-image', ({ name }: Named) => [
    `${name} holds more than a picture needs: too many bytes, texts or parts.`,
    'Save it again with a picture program, without its metadata.',
  ]),
  pictureTakesTooLong: says('bad-image', ({ name }: Named) => [
    `${name} takes too long or too much memory to be read.`,
    'Copy it to this computer, or save it smaller, as PNG or JPEG.',
  ]),
  inkTooFine: says('bad-image', () => [
    'The ink in the picture is too fine to draw.',
    'Choose a larger or bolder picture.',
  ]),
  pictureBlank: says('bad-image', () => [
    'The picture is blank: no ink stands out in it.',
    'Choose a picture with a clear drawing.',
  ]),
  canvasEmpty: says('bad-image', () => [
    'There is no ink on the canvas.',
    'Give a word or a picture with visible strokes.',
  ]),
  pictureUnreadable: says('bad-image', ({ name, reason }: Named & { reason: string }) => [
    `${name} could not be read as a picture: ${reason}.`,
    'Use a PNG, JPEG, WebP or TIFF file.',
  ]),
  pictureTellsNothing: says('bad-image', ({ name }: Named) => [
    `${name} says nothing about how it was made.`,
    'Drop a picture of the studio, or a PNG with the parameters of AUTOMATIC1111, ComfyUI, InvokeAI or SwarmUI.',
  ]),
  notAPng: says('bad-image', ({ name }: Named) => [`${name} is not a PNG file.`, 'Name a PNG file.']),
  pngUnreadable: says('bad-image', ({ name, reason }: Named & { reason: string }) => [
    `${name} cannot be read (${reason}).`,
    'Name a PNG file.',
  ]),
  maskMisfits: says('bad-image', () => [
    'The glyph has another size than the picture.',
    'Use the glyph that was drawn for it.',
  ]),
  maskOfOtherProportions: says('bad-image', () => [
    'The glyph has other proportions than the picture.',
    'Use the glyph that was drawn for it.',
  ]),
  maskBlank: says('bad-image', () => ['The glyph has no ink, or nothing else.', 'Use the mask of the written word.']),
}
