/** The four maps of the word, redrawn as one types. */
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { MapsPreview, PreviewMap } from '../../core/host/api.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { api, reportOf } from '../api.ts'
import { MAP_ORDER, METHODS_OF } from '../lists.ts'
import { type Control, type Draft, useCompose } from './compose.ts'
import { decoded } from './decoded.ts'
import { download } from './download.ts'
import { styleOf, useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { tell } from './notices.ts'
import { urlOfUpload } from './uploads.ts'

/** Longer side of a preview, pixels: fine enough to lie over the stage, small enough for every keystroke. */
const PREVIEW_SIDE = 512

interface MapsState {
  maps: Partial<Record<MapName, PreviewMap>>
  glyph: MapsPreview['glyph'] | null
  outline: string
  /** The canvas that the outline's pixels belong to. */
  canvas: { width: number; height: number }
  problem: ErrorReport | null
  /** The map that keys and the overlay speak of. */
  focused: MapName | null
  hovered: MapName | null
  /** The map that is looked at in full size. */
  full: MapName | null
  /** What a slider says while it is moved, before it counts. */
  live: Partial<Record<MapName, Partial<Control>>>
}

export const useMaps = create<MapsState>()(() => ({
  maps: {},
  glyph: null,
  outline: '',
  canvas: { width: 512, height: 512 },
  problem: null,
  focused: null,
  hovered: null,
  full: null,
  live: {},
}))

/** What of a draft decides about its maps. */
export interface MapsDraft {
  request: Pick<Draft['request'], 'controls' | 'style'>
  off: Draft['off']
  solo: Draft['solo']
}

/** That of the present draft; whoever draws it anew for every letter of the word has no time for the maps. */
export function useMapsDraft(): MapsDraft {
  const { off, solo, ...request } = useCompose(
    useShallow(({ present: { request, off, solo } }) => ({
      ...{ controls: request.controls, style: request.style, off, solo },
    })),
  )
  return { request, off, solo }
}

/** A map's settings: the draft's where it has some, else the style's. */
export function controlOf(
  { request }: Pick<MapsDraft, 'request'>,
  style: StyleDefinition | null,
  map: MapName,
): Control {
  const standard = style?.controls[map] ?? { weight: 1, start: 0, end: 1, method: METHODS_OF[map][0] }
  const own = Object.entries(request.controls?.[map] ?? {}).filter(([, value]) => value !== undefined)
  return { image: null, ...standard, ...Object.fromEntries(own) } as Control
}

const drawing = latest()
let drawn = ''

async function draw(): Promise<void> {
  const { present } = useCompose.getState()
  const facts = useFacts.getState()
  const { word, layout = {}, seed = 1, style = 'comic' } = present.request
  if (!word?.trim()) {
    drawn = ''
    return useMaps.setState({ maps: {}, glyph: null, outline: '', problem: null })
  }
  const width = present.request.width ?? facts.complete?.width ?? PREVIEW_SIDE
  const height = present.request.height ?? facts.complete?.height ?? PREVIEW_SIDE
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(width, height))
  const canvas = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const definition = styleOf(facts, style)
  const choices = MAP_ORDER.map(map => ({ map, method: controlOf(present, definition, map).method }))
  const input = { word, layout, ...canvas, choices, style, seed }
  // An own style may change under its id.
  const key = JSON.stringify([input, definition?.scribble])
  if (key === drawn || !definition) return
  drawn = key
  await drawing(async signal => {
    try {
      const preview = await api.maps.preview(input as Parameters<typeof api.maps.preview>[0], { signal })
      // All at once when all can be painted: each picture by itself would be a frame of its own.
      await decoded(preview.maps.map(({ url }) => url))
      if (signal.aborted) return
      const maps = Object.fromEntries(preview.maps.map(map => [map.map, map]))
      useMaps.setState({ maps, glyph: preview.glyph, outline: preview.outline, canvas, problem: null })
    } catch (error) {
      const problem = reportOf(error)
      if (problem && !signal.aborted) useMaps.setState({ problem })
    }
  })
}

export const hear = (map: MapName, part: Partial<Control>): void =>
  useMaps.setState(({ live }) => ({ live: { ...live, [map]: { ...live[map], ...part } } }))

/** A map in the picture's own size and care; null where there is no word. */
export async function drawFull(map: MapName, signal?: AbortSignal): Promise<PreviewMap | null> {
  const { present } = useCompose.getState()
  const facts = useFacts.getState()
  const { word, layout = {}, seed = 1, style = 'comic' } = present.request
  if (!word?.trim()) return null
  const { width = 512, height = 512 } = { ...facts.complete, ...present.request }
  const choices = [{ map, method: controlOf(present, styleOf(facts, style), map).method }]
  const input = { word, layout, width, height, choices, style, seed } as Parameters<typeof api.maps.full>[0]
  const { maps } = await api.maps.full(input, signal ? { signal } : {})
  return maps[0] ?? null
}

/** Hands a map out as a file, in full size; or the picture of one's own that stands for it. */
export function saveMap(map: MapName): void {
  const { image } = controlOf(useCompose.getState().present, null, map)
  const url = image ? Promise.resolve(urlOfUpload(image)) : drawFull(map).then(drawn => drawn?.url ?? null)
  url.then(href => href && download(href, `${map}.png`)).catch(tell)
}

export function startMaps(): void {
  useCompose.subscribe(() => {
    if (Object.keys(useMaps.getState().live).length > 0) useMaps.setState({ live: {} })
    void draw()
  })
  useFacts.subscribe(() => void draw())
  void draw()
}

/** Puts a picture of one's own in place of a map. */
export async function uploadMap(map: MapName, file: File): Promise<void> {
  const { path } = await api.maps.upload({ name: file.name, data: file })
  useCompose.getState().control(map, { image: path })
}
