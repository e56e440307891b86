/** Masks of other programs' clients: what of a picture is painted again, as a repaint of ours. */
import { Channel } from '../../channel/channel.ts'
import { startThread } from '../../channel/endpoint.ts'
import type { RequestInput } from '../../contract/request.ts'
import { fault } from '../../faults/fault.ts'
import type { OwnRequests } from '../service/own-request.ts'

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface MaskWish {
  /** File of ours: the picture that is painted over. */
  picture: string
  /** A stranger's picture of the same proportions. */
  mask: Uint8Array
  /** What is painted again: where the mask is transparent, or where it is white (its alpha, where it has one). */
  open: 'transparent' | 'white'
  invert: boolean
  /**
   * Width of the soft edge, pixels of the picture, and its place: within what is painted again, so that everything else stays to
   * the last bit, or half on either side.
   */
  edge: number
  place: 'within' | 'across'
  /** What is painted again begins with the colours around it, not with what stands there. */
  fill: boolean
  /** Only the surroundings of the mask are painted, at this size: padding in pixels of the picture. */
  closeUp: { padding: number; width: number; height: number } | null
}

export interface MaskPlan {
  /** PNG of the part that is painted; null: the picture as it is. */
  init: Uint8Array | null
  /** PNG of the same part: white is painted again. */
  mask: Uint8Array
  /** The soft edge, share of the part's shorter side. */
  feather: number
  /** Where the part lies in the picture; null: it is the picture. */
  part: Box | null
}

export interface Paste {
  /** Files of ours: what was painted, and what it was painted over. */
  painted: string
  picture: string
  plan: MaskPlan & { part: Box }
}

export interface MaskCalls {
  plan: { request: MaskWish; event: never; reply: MaskPlan }
  /** A PNG. */
  paste: { request: Paste; event: never; reply: Uint8Array }
}

/** Neither takes many seconds; a file that keeps the thread busy for longer is an attack. */
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

/** A request that paints what the mask leaves open, and how its pictures become the client's. */
export interface Masked {
  request: RequestInput
  /** @param painted a picture of the library. @returns a PNG; null: the picture is the answer as it is */
  finished(painted: string): Promise<Uint8Array | null>
}

/** @throws StudioError 'bad-image': no picture; 'bad-request': nothing is painted again */
export async function masked(own: OwnRequests, wish: MaskWish): Promise<Masked> {
  const plan = await shared().call('plan', wish, { deadlineMs: DEADLINE_MS }).reply
  const { init, mask, feather, part } = plan
  const kept = (field: string, png: Uint8Array) => own.picture(field, asPngUrl(png))
  const paste = (painted: string, part: Box) =>
    shared().call('paste', { painted, picture: wish.picture, plan: { ...plan, part } }, { deadlineMs: DEADLINE_MS })
      .reply
  return {
    request: {
      initImage: init ? await kept('image', init) : wish.picture,
      repaint: {
        ...{ strokes: [], radical: false, blocks: [], ground: false },
        ...{ mask: await kept('mask', mask), grow: 0, feather },
      },
    },
    finished: async painted => part && paste(painted, part),
  }
}

const asPngUrl = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`
