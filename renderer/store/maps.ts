/** The four maps of the word, redrawn as one types. */
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { DEFAULT_STYLE, type MapName, METHODS } from '../../core/contract/vocabulary.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { BlockView, MapsPreview, PreviewMap } from '../../core/host/api/maps.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { api, reportOf } from '../api.ts'
import { MAP_ORDER } from '../lists.ts'
import { type Control, type Draft, drawnComposition, useCompose } from './compose.ts'
import { decoded } from './decoded.ts'
import { download } from './download.ts'
import { styleOf, useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { notifyError } from './notices.ts'
import { SCREEN } from './screen.ts'
import { urlOfUpload } from './uploads.ts'

/** Longer side of a preview, pixels: fine enough to lie over the stage, small enough for every keystroke. */
const PREVIEW_SIDE = 512

interface MapsState {
  maps: Partial<Record<MapName, PreviewMap>>
  glyph: MapsPreview['glyph'] | null
  outline: string
  /** Mean width of the word's strokes, pixels of the canvas; null without a word, and where there are blocks. */
  strokeWidth: number | null
  /** Of a composition: its blocks. */
  blocks: readonly BlockView[]
  /** The canvas that the outline's pixels belong to. */
  canvas: { width: number; height: number }
  problem: ErrorReport | null
  /** The map that the keys act on and the overlay shows. */
  focused: MapName | null
  hovered: MapName | null
  /** The map that is shown in full size. */
  full: MapName | null
  /** Values of sliders that are being moved, before they are committed. */
  live: Partial<Record<MapName, Partial<Control>>>
}

const NO_MAPS: Pick<MapsState, 'maps' | 'glyph' | 'outline' | 'strokeWidth' | 'blocks'> = {
  maps: {},
  glyph: null,
  outline: '',
  strokeWidth: null,
  blocks: [],
}

export const useMaps = create<MapsState>()(() => ({
  ...NO_MAPS,
  canvas: { width: 512, height: 512 },
  problem: null,
  focused: null,
  hovered: null,
  full: null,
  live: {},
}))

/** The parts of a draft that the maps panel needs. */
export interface MapsDraft {
  request: Pick<Draft['request'], 'controls' | 'style'>
  off: Draft['off']
  solo: Draft['solo']
}

/** Those parts of the current draft. Narrow on purpose: the panel must not render again for each letter of the word. */
export function useMapsDraft(): MapsDraft {
  const { off, solo, ...request } = useCompose(
    useShallow(({ present: { request, off, solo } }) => ({
      controls: request.controls,
      style: request.style,
      off,
      solo,
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
  const standard = style?.controls[map] ?? { weight: 1, start: 0, end: 1, method: METHODS[map][0] }
  const own = Object.entries(request.controls?.[map] ?? {}).filter(([, value]) => value !== undefined)
  return { image: null, ...standard, ...Object.fromEntries(own) } as Control
}

/** What maps can be had of: nothing yet, a word that cannot be written, or a word or blocks whose maps are there or being drawn. */
export function useWriting(): 'nothing' | 'refused' | 'written' {
  const isRefused = useMaps(({ problem }) => problem !== null)
  const hasWord = useCompose(({ present }) => Boolean(present.request.word?.trim()))
  const hasBlocks = useCompose(({ present }) => drawnComposition(present) !== null)
  if (isRefused) return hasWord ? 'refused' : 'nothing'
  return hasWord || hasBlocks ? 'written' : 'nothing'
}

/** Pixels of the picture for one of the previews' canvas. */
export function useCanvasScale(): number {
  const canvas = useMaps(state => state.canvas)
  const complete = useFacts(state => state.complete)
  const width = useCompose(({ present }) => present.request.width ?? complete?.width ?? PREVIEW_SIDE)
  return width / canvas.width
}

const drawing = latest()
let drawn = ''
/** What is being drawn; null while nothing is. */
let due: string | null = null

/** Whether the maps on the screen, or why there are none, belong to an older draft. */
export const mapsAreDue = (): boolean => due !== null

async function draw(): Promise<void> {
  const { present } = useCompose.getState()
  const facts = useFacts.getState()
  const { word, layout = {}, seed = 1, style = DEFAULT_STYLE } = present.request
  const composition = drawnComposition(present)
  if (!word?.trim() && !composition) {
    drawn = ''
    due = null
    // Through the same slot, so that a drawing of the word that stood here does not come back.
    return drawing(async () => useMaps.setState({ ...NO_MAPS, problem: null }))
  }
  const width = present.request.width ?? facts.complete?.width ?? PREVIEW_SIDE
  const height = present.request.height ?? facts.complete?.height ?? PREVIEW_SIDE
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(width, height))
  const canvas = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const definition = styleOf(facts, style)
  const choices = MAP_ORDER.map(map => ({ map, method: controlOf(present, definition, map).method }))
  const input = { word: word ?? '', layout, composition, ...canvas, choices, style, seed, screen: SCREEN }
  // The definition is part of the key because a user's style may change under its id.
  const key = JSON.stringify([input, definition?.scribble])
  if (key === drawn || !definition) return
  drawn = key
  due = key
  await drawing(async signal => {
    try {
      const preview = await api.maps.preview(input as Parameters<typeof api.maps.preview>[0], { signal })
      // All at once when all are decoded: otherwise each picture would cost a frame of its own.
      await decoded(preview.maps.map(({ url }) => url))
      if (signal.aborted) return
      const maps = Object.fromEntries(preview.maps.map(map => [map.map, map]))
      due = null
      useMaps.setState({
        maps,
        glyph: preview.glyph,
        outline: preview.outline,
        strokeWidth: preview.strokeWidth,
        blocks: preview.blocks,
        canvas,
        problem: null,
      })
    } catch (error) {
      const problem = reportOf(error)
      // Drawn again with the next change of draft or facts: the host may have been away.
      drawn = ''
      // The maps on the screen are another word's.
      if (!problem || signal.aborted) return
      due = null
      // What went wrong on the way says nothing of the word; the line above the desk says it, and they are drawn on the return.
      useMaps.setState({ ...NO_MAPS, problem: problem.key === 'hostLost' ? null : problem })
    }
  })
  if (due === key) due = null
}

/** Shows a slider's value while it is moved, before it is committed. */
export const setLive = (map: MapName, part: Partial<Control>): void =>
  useMaps.setState(({ live }) => ({ live: { ...live, [map]: { ...live[map], ...part } } }))

/** A map in the size and quality that the picture gets; null where there is no word. */
export async function drawFull(map: MapName, signal?: AbortSignal): Promise<PreviewMap | null> {
  const { present } = useCompose.getState()
  const facts = useFacts.getState()
  const { word, layout = {}, seed = 1, style = DEFAULT_STYLE } = present.request
  const composition = drawnComposition(present)
  if (!word?.trim() && !composition) return null
  const { width = 512, height = 512 } = { ...facts.complete, ...present.request }
  const choices = [{ map, method: controlOf(present, styleOf(facts, style), map).method }]
  const input = { word: word ?? '', layout, composition, width, height, choices, style, seed } as Parameters<
    typeof api.maps.full
  >[0]
  const { maps } = await api.maps.full(input, signal ? { signal } : {})
  return maps[0] ?? null
}

/** Downloads a map in full size, or the user's own picture that replaces it. */
export function saveMap(map: MapName): void {
  const { image } = controlOf(useCompose.getState().present, null, map)
  const url = image ? Promise.resolve(urlOfUpload(image)) : drawFull(map).then(drawn => drawn?.url ?? null)
  url.then(href => href && download(href, `${map}.png`)).catch(notifyError)
}

/** The host is there again: what was asked meanwhile is asked once more. */
export function drawAgain(): void {
  drawn = ''
  void draw()
}

/** Draws the maps, and until the signal again whenever something that they show changes. */
export function startMaps(signal: AbortSignal): void {
  const stops = [
    useCompose.subscribe(() => {
      if (Object.keys(useMaps.getState().live).length > 0) useMaps.setState({ live: {} })
      void draw()
    }),
    useFacts.subscribe(() => void draw()),
  ]
  signal.addEventListener('abort', () => {
    for (const stop of stops) stop()
  })
  void draw()
}
