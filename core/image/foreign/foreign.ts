/** Requests out of other programs' pictures. */
import { basename } from 'node:path'
import { embeddedBlocks } from '../../pictures/decode.ts'
import { XMP_KEYWORD } from '../png-metadata.ts'
import { isPngFile, readPngText } from '../png-text.ts'
import { readA1111 } from './a1111.ts'
import type { ForeignRequest } from './collect.ts'
import { readComfyUI } from './comfyui.ts'
import { exifTexts } from './exif.ts'
import {
  readDrawThings,
  readFooocus,
  readInvokeAI,
  readInvokeAI2,
  readNovelAI,
  readSwarmUI,
  readXmp,
} from './others.ts'

export type { ForeignProgram, ForeignRequest } from './collect.ts'

/**
 * What a picture of another program says of its making, as far as it fits our request: PNG texts, or the EXIF texts and
 * XMP packet of JPEG, WebP and PNG. Nothing in it is trusted: each value passes the contract or is listed.
 * Programs call it through foreign-door.ts, in a process that may be ended.
 * @returns null where there is nothing of the kind
 * @throws StudioError 'bad-image' for a file that cannot be read
 */
export async function readForeign(file: string): Promise<ForeignRequest | null> {
  const found = (await isPngFile(file)) ? fromTexts(await readPngText(file)) : null
  if (found) return found
  const { exif, xmp } = await embeddedBlocks(file, `"${basename(file)}"`).catch(() => ({ exif: null, xmp: null }))
  const texts = new Map<string, string>()
  const { comment, texts: fields } = exif ? exifTexts(Buffer.from(exif)) : { comment: null, texts: [] }
  if (comment) texts.set('parameters', comment)
  for (const field of fields) {
    const named = /^(prompt|workflow|parameters):\s*(\{.*)$/is.exec(field)
    if (named && !texts.has(named[1].toLowerCase())) texts.set(named[1].toLowerCase(), named[2])
    // Converters keep the web UI's text as the picture's description.
    else if (!texts.has('parameters') && /^Steps: ?\d/m.test(field)) texts.set('parameters', field)
  }
  if (xmp) texts.set(XMP_KEYWORD, Buffer.from(xmp).toString('utf8'))
  return fromTexts(texts)
}

/** The programs by the keywords that they write; a picture that passed through several counts as the first that is found. */
export function fromTexts(texts: ReadonlyMap<string, string>): ForeignRequest | null {
  const readers = [
    ['invokeai_metadata', readInvokeAI],
    ['sd-metadata', readInvokeAI2],
    ['parameters', readSwarmUI],
    ['parameters', readFooocus],
    ['parameters', readA1111],
    ['prompt', readComfyUI],
    ['parameters', readComfyUI],
    ['Comment', readNovelAI],
    ['Comment', readFooocus],
    ['parameters', readDrawThings],
    [XMP_KEYWORD, readXmp],
  ] as const
  for (const [keyword, read] of readers) {
    const text = texts.get(keyword)
    const found = text === undefined ? null : read(text, texts)
    if (found) return found
  }
  return null
}
