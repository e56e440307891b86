/** Glyph, outline and maps of the picture on the stage; the draft may be about another word by now. */
import { create } from 'zustand'
import { type MapName, METHODS } from '../../core/contract/vocabulary.ts'
import type { Picture } from '../../core/host/api/library.ts'
import type { MapsPreview } from '../../core/host/api/maps.ts'
import { api } from '../api.ts'
import { MAP_ORDER } from '../lists.ts'
import { latest } from './latest.ts'
import { notifyError } from './notices.ts'
import { SCREEN } from './screen.ts'
import { urlOfUpload } from './uploads.ts'

export interface PictureMaps {
  /** Id of the picture. */
  id: string
  glyph: string
  outline: string
  /** The canvas that the outline's pixels belong to. */
  canvas: { width: number; height: number }
  maps: Partial<Record<MapName, string>>
}

export const usePictureMaps = create<{ of: PictureMaps | null }>()(() => ({ of: null }))

const drawing = latest()

/** Has the host draw them, unless they are loaded already. */
export async function drawPictureMaps({ id, request }: Picture): Promise<void> {
  const { layout, composition, width, height, controls, style, seed } = request
  const word = request.word ?? ''
  if (usePictureMaps.getState().of?.id === id) return
  usePictureMaps.setState({ of: null })
  await drawing(async signal => {
    if (!word && !composition) return
    const choices = MAP_ORDER.map(map => ({ map, method: controls?.[map].method ?? METHODS[map][0] }))
    const input = { word, layout, composition, width, height, choices, style, seed, screen: SCREEN } as Parameters<
      typeof api.maps.ofPicture
    >[0]
    try {
      const drawn = await api.maps.ofPicture(input, { signal })
      if (signal.aborted) return
      const maps = drawn.maps.map(({ map, url }) => {
        const own = controls?.[map].image
        return [map, own ? urlOfUpload(own) : url] as const
      })
      usePictureMaps.setState({ of: viewOf(id, drawn, { width, height }, Object.fromEntries(maps)) })
    } catch (error) {
      if (!signal.aborted) notifyError(error)
    }
  })
}

const viewOf = (
  id: string,
  { glyph, outline }: MapsPreview,
  canvas: PictureMaps['canvas'],
  maps: PictureMaps['maps'],
): PictureMaps => ({ id, glyph: glyph.url, outline, canvas, maps })
