/** Requests out of other programs' pictures. */
import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { SIGNATURE } from '../png-chunks.ts'
import { readPngText } from '../png-text.ts'
import { readA1111 } from './a1111.ts'
import type { ForeignRequest } from './collect.ts'
import { readComfyUI } from './comfyui.ts'
import { userComment } from './exif.ts'
import { readInvokeAI, readSwarmUI } from './others.ts'

export type { ForeignProgram, ForeignRequest } from './collect.ts'

/**
 * What a picture of AUTOMATIC1111, ComfyUI, InvokeAI or SwarmUI says of its making, as far as it fits our request: PNG
 * texts, or the EXIF comment of JPEG and WebP. Nothing in it is trusted: each value passes the contract or is listed.
 * @returns null where there is nothing of the kind
 * @throws StudioError 'bad-image' for a PNG that cannot be read
 */
export async function readForeign(file: string): Promise<ForeignRequest | null> {
  if (await isPng(file)) return fromTexts(await readPngText(file))
  const exif = await sharp(file)
    .metadata()
    .then(
      found => found.exif,
      () => undefined,
    )
  const comment = exif && userComment(exif)
  return comment ? fromTexts(new Map([['parameters', comment]])) : null
}

/** The programs by the keywords that they write; a picture that passed through several counts as the first that is found. */
export function fromTexts(texts: ReadonlyMap<string, string>): ForeignRequest | null {
  const readers = [
    ['invokeai_metadata', readInvokeAI],
    ['parameters', readSwarmUI],
    ['parameters', readA1111],
    ['prompt', readComfyUI],
  ] as const
  for (const [keyword, read] of readers) {
    const text = texts.get(keyword)
    const found = text === undefined ? null : read(text)
    if (found) return found
  }
  return null
}

async function isPng(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null)
  if (!handle) return true // readPngText says what is wrong
  try {
    const head = new Uint8Array(SIGNATURE.length)
    await handle.read(head, 0, head.length, 0)
    return Buffer.compare(head, SIGNATURE) === 0
  } finally {
    await handle.close()
  }
}
