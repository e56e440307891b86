/** Masks of OpenAI's edits: where they are transparent the picture is painted anew, elsewhere it stays as it was. */
import { Channel } from '../../channel/channel.ts'
import { startThread } from '../../channel/endpoint.ts'
import { fault } from '../../faults/fault.ts'
import type { Gray } from '../../raster/raster.ts'

export interface Blend {
  /** Files of ours: what was painted, and what it was painted over. */
  painted: string
  original: string
  /** Of any size in the pictures' proportions; 255 keeps the original. */
  kept: Gray
}

export interface MaskCalls {
  /** The alpha of a stranger's picture. */
  read: { request: { bytes: Uint8Array }; event: never; reply: Gray }
  /** A PNG. */
  blend: { request: Blend; event: never; reply: Uint8Array }
}

/** Neither takes a second; a file that keeps the thread busy for longer is an attack. */
const DEADLINE_MS = 20_000

/** The thread that all callers share. */
let thread: Channel<MaskCalls> | null = null

function shared(): Channel<MaskCalls> {
  if (!thread || thread.ended)
    thread = new Channel(startThread(new URL('./mask-thread.ts', import.meta.url)), {
      died: ({ how }) => fault('pictureUnreadable', { name: '"mask"', reason: how }),
    })
  return thread
}

/** @throws StudioError 'bad-image': no PNG or WebP, or one without transparent parts */
export const readMask = (bytes: Uint8Array): Promise<Gray> =>
  shared().call('read', { bytes }, { deadlineMs: DEADLINE_MS }).reply

/** @returns a PNG of the painted picture's size. @throws StudioError */
export const blend = (parts: Blend): Promise<Uint8Array> =>
  shared().call('blend', parts, { deadlineMs: DEADLINE_MS }).reply
