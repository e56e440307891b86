/** Painting a part of a finished picture again: what is chosen of it, what was brushed, and the version that comes of it. */
import { create } from 'zustand'
import { tilesOfVersion } from '../../core/contract/larger.ts'
import type { Picture } from '../../core/host/api/library.ts'
import type { PartsView } from '../../core/host/api/maps.ts'
import { api } from '../api.ts'
import { maskOf } from '../repaint/mask.ts'
import { useCanvas } from './canvas.ts'
import { latest } from './latest.ts'
import { useLibrary } from './library.ts'
import { notifyError } from './notices.ts'
import { useScreen } from './screen.ts'
import { FITTED, useStage } from './stage.ts'
import { fileOf } from './start-picture.ts'
import { begin, edited, redone, type Timeline, undone } from './timeline.ts'

export type RepaintTool = 'parts' | 'brush' | 'eraser'

/** A way of the brush, pixels of the picture. */
export interface BrushStroke {
  points: readonly (readonly [number, number])[]
  size: number
  /** Takes away what was brushed before. */
  erases: boolean
}

export interface Chosen {
  /** As a request counts them, from 1. */
  strokes: readonly number[]
  blocks: readonly number[]
  radical: boolean
  ground: boolean
  brush: readonly BrushStroke[]
}

const NOTHING: Chosen = { strokes: [], blocks: [], radical: false, ground: false, brush: [] }

interface RepaintState {
  on: boolean
  /** Strokes and blocks of the picture; null until they are there, and of a picture without a word. */
  parts: PartsView | null
  /** What the parts belong to. */
  subject: string
  tool: RepaintTool
  /** Width of the brush, share of the shorter side. */
  size: number
  /** Over how much the area fades, share of the shorter side. */
  feather: number
  /** How much it may change, 0..1. */
  strength: number
  chosen: Timeline<Chosen>
}

export const useRepaint = create<RepaintState>()(() => ({
  ...{ on: false, parts: null, subject: '', tool: 'parts' },
  ...{ size: 0.06, feather: 0.03, strength: 0.85 },
  chosen: begin(NOTHING),
}))

const shown = (): Picture | undefined => useLibrary.getState().pictures[useStage.getState().pictureId ?? '']

/** Begins with a picture, which is put onto the stage. */
export function beginRepaint(picture: Picture): void {
  if (useStage.getState().pictureId !== picture.id) useStage.getState().show(picture.id)
  useScreen.setState({ gallery: false, tab: 'stage' })
  useCanvas.setState({ editing: false })
  useStage.setState({ comparison: null, view: FITTED })
  const tool = hasWord(picture) ? 'parts' : 'brush'
  useRepaint.setState({ on: true, tool })
  void loadParts(picture)
}

// Blocks and parts are not chosen at the same time.
useCanvas.subscribe(({ editing }) => editing && endRepaint())

export const endRepaint = (): void => useRepaint.setState({ on: false })

export function toggleRepaint(): void {
  const picture = shown()
  if (useRepaint.getState().on) endRepaint()
  else if (picture) beginRepaint(picture)
}

export const hasWord = ({ request }: Picture): boolean => Boolean(request.word?.trim() || request.composition)

const loading = latest()

/** The parts of the picture on the stage. What is chosen stays where the next picture has the same word in the same place. */
export async function loadParts(picture: Picture): Promise<void> {
  const { word, layout, composition, width, height } = picture.request
  const input = { word: word ?? '', layout, composition, width, height }
  const subject = JSON.stringify(hasWord(picture) ? input : [width, height])
  if (subject === useRepaint.getState().subject) return
  useRepaint.setState({ parts: null, subject, chosen: begin(NOTHING) })
  await loading(async signal => {
    if (!hasWord(picture)) {
      if (useRepaint.getState().tool === 'parts') useRepaint.setState({ tool: 'brush' })
      return
    }
    try {
      const parts = await api.maps.parts(input, { signal })
      if (!signal.aborted) useRepaint.setState({ parts })
    } catch (error) {
      if (signal.aborted) return
      useRepaint.setState({ subject: '' })
      notifyError(error)
    }
  })
}

/** @param key edits under one key are one step back */
export const changeChosen = (change: (chosen: Chosen) => Chosen, key?: string): void =>
  useRepaint.setState(({ chosen }) => ({ chosen: edited(chosen, change(chosen.present), key) }))

const toggled = (places: readonly number[], place: number) =>
  places.includes(place) ? places.filter(other => other !== place) : [...places, place]

export const toggleStroke = (place: number): void =>
  changeChosen(chosen => ({ ...chosen, strokes: toggled(chosen.strokes, place) }))
export const toggleBlock = (place: number): void =>
  changeChosen(chosen => ({ ...chosen, blocks: toggled(chosen.blocks, place) }))
export const toggleRadical = (): void => changeChosen(chosen => ({ ...chosen, radical: !chosen.radical }))
export const toggleGround = (): void => changeChosen(chosen => ({ ...chosen, ground: !chosen.ground }))
export const addBrush = (stroke: BrushStroke): void =>
  changeChosen(chosen => ({ ...chosen, brush: [...chosen.brush, stroke] }))
export const chooseNothing = (): void => changeChosen(() => NOTHING)

export const undoChosen = (): void => useRepaint.setState(({ chosen }) => ({ chosen: undone(chosen) }))
export const redoChosen = (): void => useRepaint.setState(({ chosen }) => ({ chosen: redone(chosen) }))

export const isNothing = ({ strokes, blocks, radical, ground, brush }: Chosen): boolean =>
  strokes.length === 0 && blocks.length === 0 && !radical && !ground && brush.every(({ erases }) => erases)

/** How far an area reaches beyond its ink, share of the shorter side: a stroke's edge belongs to it. */
const GROW = 0.02

/** Queues a version of the picture on the stage of which only what is chosen is painted again, from another seed. */
export async function paintAgain(): Promise<void> {
  const picture = shown()
  const { chosen, feather, strength, on } = useRepaint.getState()
  if (!picture || !on || isNothing(chosen.present)) return
  try {
    const { brush, ...parts } = chosen.present
    const upload = async (data: File) => (await api.maps.upload({ name: data.name, data, use: 'picture' })).path
    const [initImage, mask] = await Promise.all([
      fileOf(picture).then(upload),
      isNothing({ ...NOTHING, brush }) ? null : maskOf(brush, picture).then(upload),
    ])
    const { prompt, negativePrompt, id, request } = picture
    const area = { ...parts, strokes: [...parts.strokes], blocks: [...parts.blocks], mask, grow: GROW, feather }
    useStage.setState({ follows: true })
    await api.queue.add({
      request: {
        ...{ ...request, prompt, negativePrompt, seed: await nextSeed(picture), count: 1 },
        ...tilesOfVersion(request),
        ...{ initImage, strength, latents: null, noise: null, repaint: area, parent: id },
      },
    })
  } catch (error) {
    notifyError(error)
  }
}

/** Another seed than any of its versions has: the same picture painted twice becomes two versions. */
async function nextSeed({ id, seed }: Picture): Promise<number> {
  const versions = await api.library.versions({ id })
  return Math.max(seed, ...versions.map(version => version.seed)) + 1
}
