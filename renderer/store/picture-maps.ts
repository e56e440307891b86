/** The word of the picture on the stage, as it was written there: what one composes meanwhile may be another one. */
import { create } from 'zustand'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { MapsPreview, Picture } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { MAP_ORDER, METHODS_OF } from '../lists.ts'
import { latest } from './latest.ts'
import { tell } from './notices.ts'
import { urlOfUpload } from './uploads.ts'

export interface PictureMaps {
  /** The picture's. */
  id: string
  glyph: string
  outline: string
  /** The canvas that the outline's pixels belong to. */
  canvas: { width: number; height: number }
  maps: Partial<Record<MapName, string>>
}

export const usePictureMaps = create<{ of: PictureMaps | null }>()(() => ({ of: null }))

const drawing = latest()

/** Draws them, unless they are there already. */
export async function drawPictureMaps({ id, request }: Picture): Promise<void> {
  const { word, layout, width, height, controls, style, seed } = request
  if (usePictureMaps.getState().of?.id === id) return
  usePictureMaps.setState({ of: null })
  if (!word) return
  await drawing(async signal => {
    const choices = MAP_ORDER.map(map => ({ map, method: controls?.[map].method ?? METHODS_OF[map][0] }))
    const input = { word, layout, width, height, choices, style, seed } as Parameters<typeof api.maps.ofPicture>[0]
    try {
      const drawn = await api.maps.ofPicture(input, { signal })
      if (signal.aborted) return
      const maps = drawn.maps.map(({ map, url }) => {
        const own = controls?.[map].image
        return [map, own ? urlOfUpload(own) : url] as const
      })
      usePictureMaps.setState({ of: viewOf(id, drawn, { width, height }, Object.fromEntries(maps)) })
    } catch (error) {
      if (!signal.aborted) tell(error)
    }
  })
}

const viewOf = (
  id: string,
  { glyph, outline }: MapsPreview,
  canvas: PictureMaps['canvas'],
  maps: PictureMaps['maps'],
): PictureMaps => ({ id, glyph: glyph.url, outline, canvas, maps })
