/** Writes the files of an export in a thread of its own: the host never computes. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { Glyph } from '../glyph/types.ts'
import type { Format } from '../image/encode.ts'
import type { PictureInfo } from '../image/png-metadata.ts'
import type { Card } from '../output/card.ts'
import type { CardOptions } from '../output/card-layout.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { SheetEntry } from '../sets/sheet.ts'
import type { TableEntry } from '../sets/sheet-table.ts'

export interface ExportCalls {
  /** One picture in a format. @see EncodeOptions */
  picture: {
    request: {
      file: string
      format: Format
      info: PictureInfo | null
      alt: string
      /** Ink of the word; null: the ground stays. */
      mask: Gray | null
      /** With what the word throws onto the ground around it. */
      glow: boolean
    }
    event: never
    reply: Uint8Array
  }
  psd: {
    request: {
      file: string
      glyph: Glyph
      mask: Gray
      maps: { name: string; image: Gray | Rgb }[]
      alt: string
    }
    event: never
    reply: Uint8Array
  }
  png: { request: { image: Gray | Rgb }; event: never; reply: Uint8Array }
  deck: { request: { cards: Card[]; title: string }; event: never; reply: Uint8Array }
  cards: { request: { cards: Card[]; title: string; options: CardOptions }; event: never; reply: Uint8Array }
  /** A PDF, or a PNG for each page. */
  sheet: {
    request: { entries: (SheetEntry & TableEntry)[]; title: string; pages: 'pdf' | 'png' }
    event: never
    reply: Uint8Array[]
  }
}

/** A thousand large pictures in a deck take some minutes. */
const DEADLINE_MS = 30 * 60_000

let thread: Channel<ExportCalls> | null = null

/** The thread that all exports share. */
function shared(): Channel<ExportCalls> {
  if (!thread || thread.ended)
    thread = new Channel(startThread(new URL('./export-thread.ts', import.meta.url)), {
      died: ({ how }) => fault('unexpected', { reason: how }),
    })
  return thread
}

/** @throws StudioError as the writers of core/output; 'cancelled' */
export const write = <K extends keyof ExportCalls>(
  what: K,
  request: ExportCalls[K]['request'],
  signal?: AbortSignal,
): Promise<ExportCalls[K]['reply']> => shared().call(what, request, { signal, deadlineMs: DEADLINE_MS }).reply
