/** The calls of the process that reads strangers' pictures. */
import type { Phrase } from '../faults/studio-error.ts'
import type { Gray, Rgb } from '../raster/raster.ts'
import type { UploadUse } from './decode.ts'
import type { PictureSource } from './open.ts'

interface Asked {
  source: PictureSource
  /** As errors call the picture. */
  name: string | Phrase
}

type Task<Request, Reply> = { request: Asked & Request; event: never; reply: Reply }

export interface PictureCalls {
  ready: { request: null; event: never; reply: null }
  rgb: Task<{ size: { width: number; height: number } | null }, Rgb>
  luminance: Task<{ side: number | null }, Gray>
  png: Task<{ use: UploadUse }, Uint8Array>
  thumbnail: Task<{ side: number }, Uint8Array>
}
