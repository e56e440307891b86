/** What the stage shows, and how. */
import { create } from 'zustand'
import type { MapName } from '../../core/contract/vocabulary.ts'

export type Comparison = { kind: 'glyph' } | { kind: 'map'; map: MapName } | { kind: 'picture'; id: string }

export interface Preview {
  jobId: string
  url: string
  step: number
  steps: number
  image: number
  images: number
  /** Whether it fades in: see showPreview(). */
  fades: boolean
}

/** scale 1 = fitted; x and y in pixels of the screen. */
export interface View {
  scale: number
  x: number
  y: number
}
export const FITTED: View = { scale: 1, x: 0, y: 0 }

interface StageState {
  pictureId: string | null
  /** Whether new pictures are shown by themselves: until the designer picks another one. */
  follows: boolean
  preview: Preview | null
  comparison: Comparison | null
  /** Where the line between the compared pictures lies, 0..1. */
  split: number
  outline: boolean
  view: View
  show(id: string | null): void
}

export const useStage = create<StageState>()(set => ({
  pictureId: null,
  follows: true,
  preview: null,
  comparison: null,
  split: 0.5,
  outline: false,
  view: FITTED,
  show: id =>
    set(({ comparison }) => ({
      pictureId: id,
      follows: false,
      view: FITTED,
      // A picture is not compared with itself.
      comparison: comparison?.kind === 'picture' && comparison.id === id ? null : comparison,
    })),
}))

type Showing = Pick<StageState, 'preview' | 'follows'>

/** Whether the stage shows a picture that grows, or a sketch, over the one that was chosen. */
export const isCovered = ({ preview, follows }: Showing): boolean => preview !== null && follows

/** A preview fades in where at least so many milliseconds have passed since the one before. */
const TIME_TO_FADE_MS = 800
let previewed = Number.NEGATIVE_INFINITY

/**
 * Shows the next preview of the picture that is being made. Quick steps do not fade in: the frames of the animation would
 * be drawn without a pause, and where no GPU draws them, by the same processor cores that make the picture.
 */
export function showPreview(preview: Omit<Preview, 'fades'>): void {
  const now = performance.now()
  useStage.setState({ preview: { ...preview, fades: now - previewed > TIME_TO_FADE_MS } })
  previewed = now
}

/** In the place of a job's id: nobody waits for a sketch, and nothing keeps it. */
const SKETCH = 'sketch'

export const isSketch = (preview: Preview | null): boolean => preview?.jobId === SKETCH

/** Whether a sketch is what the stage shows. */
export const showsSketch = ({ preview, follows }: Showing): boolean => follows && isSketch(preview)

/** Shows a sketch of what is on the desk, whichever picture was there. */
export const showSketch = (url: string): void =>
  useStage.setState({
    preview: { jobId: SKETCH, url, step: 0, steps: 0, image: 0, images: 1, fades: true },
    follows: true,
  })

export const endSketch = (): void => useStage.setState(({ preview }) => (isSketch(preview) ? { preview: null } : {}))

export const zoom = (factor: number): void =>
  useStage.setState(({ view }) => {
    const scale = Math.min(16, Math.max(1, view.scale * factor))
    return {
      view: scale === 1 ? FITTED : { scale, x: view.x * (scale / view.scale), y: view.y * (scale / view.scale) },
    }
  })
