/** Errors of compositions: their blocks, motifs, and what is painted again. */
import { says } from './says.ts'

interface Named {
  name: string
}

export const composition = {
  blockHasNoInk: says('bad-request', ({ name }: Named) => [
    `The block "${name}" draws nothing.`,
    'Give it an outline with an inside, or remove it.',
  ]),
  motifPathWrong: says('bad-request', ({ reason }: { reason: string }) => [
    `A motif's outline cannot be read: ${reason}.`,
    'Write absolute path data of M, L, Q, C and Z, or give an SVG file.',
  ]),
  motifUnknown: says('bad-request', ({ text }: { text: string }) => [
    `There is no motif for "${text}".`,
    'Give an emoji, another word in English, Russian or Chinese, or an SVG file.',
  ]),
  svgUnreadable: says('bad-image', ({ name, reason }: Named & { reason: string }) => [
    `${name} is no SVG file that can be read: ${reason}.`,
    'Save it as plain SVG.',
  ]),
  svgTooLarge: says('bad-image', ({ name, most }: Named & { most: number }) => [
    `${name} is larger than ${most} bytes.`,
    'Simplify its paths.',
  ]),
  svgWithoutPaths: says('bad-image', ({ name }: Named) => [
    `${name} holds no filled shapes.`,
    'Convert texts and lines to paths, and save it as plain SVG.',
  ]),
  svgHoldsMore: says('bad-image', ({ name, element }: Named & { element: string }) => [
    `${name} holds more than paths: <${element}>.`,
    'Convert everything to paths, and save it as plain SVG.',
  ]),
  compositionUnreadable: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `${file} holds no composition: ${reason}.`,
    'Write {"blocks": [{"kind": "word", "source": {"text": "学"}, "transform": …}]}; README has the fields.',
  ]),
  repaintNeedsPicture: says('bad-request', () => [
    'A part is to be painted again, and no picture is given.',
    'Name the picture as initImage.',
  ]),
  upscaleNeedsPicture: says('bad-request', () => [
    'A picture is to be painted larger, and none is given.',
    'Name the picture as initImage.',
  ]),
  repaintNothing: says('bad-request', () => [
    'No part is named that is to be painted again.',
    'Name strokes, the radical, blocks, the ground or a mask with white in it.',
  ]),
  repaintStrokeUnknown: says('bad-request', ({ stroke, count }: { stroke: number; count: number }) => [
    `There is no stroke ${stroke}: the words have ${count}.`,
    'Count the strokes in writing order, from 1.',
  ]),
  repaintBlockUnknown: says('bad-request', ({ block, count }: { block: number; count: number }) => [
    `There is no block ${block}: ${count} take part.`,
    'Count the blocks from the lowest, from 1.',
  ]),
  repaintNoRadical: says('bad-request', () => [
    'No radical is known of these characters.',
    'Name strokes, or paint a mask.',
  ]),
}
