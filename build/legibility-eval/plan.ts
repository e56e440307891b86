/** The pictures that the legibility score is measured by: the same for everyone, as all seeds are fixed. */
import { BUILT_IN_STYLES } from '../../core/prompt/styles.ts'
import { DISTORTIONS, type Distortion } from '../../core/raster/distortions.ts'

export interface PlannedPicture {
  id: string
  /** The painter of the draft model's training (models/draft/training/painter), or the draft model itself. */
  source: 'painter' | 'draft'
  word: string
  style: string
  seed: number
  width: number
  height: number
  /** Weight of all four maps; of the draft alone. */
  weight: number
  /** What was done to the picture afterwards; level 0 is nothing. */
  distortion: Distortion
  level: number
}

/** Single characters, plain and dense; short words; names; sentences; words that are too long for their picture. */
const SHORT = [
  '学',
  '永',
  '龍',
  '愛',
  '書',
  '学习',
  '朋友',
  '北京大学',
  'love',
  'Hello',
  'quiet',
  'Zebra',
  '山水画',
  '春夏秋冬',
]
const LONG = [
  '中华人民共和国',
  '有志者事竟成',
  'internationalization',
  'good morning',
  'Happy New Year',
  'abcdefghijklmnopqrstuvwxyzabcd',
]
const STYLES = BUILT_IN_STYLES.map(({ id }) => id)
const KINDS = Object.keys(DISTORTIONS) as Distortion[]
/** Most near the place where a reader begins to hesitate, as little is learnt from what is plain and from what is gone. */
const LEVELS = [0, 0.15, 0.25, 0.35, 0.45, 0.6, 0.8]

/** 320 of the painter, 120 of the draft. */
export function planPictures(): PlannedPicture[] {
  const words = [...SHORT, ...SHORT, ...LONG]
  const painter = Array.from({ length: 320 }, (_, i): PlannedPicture => {
    const style = STYLES[i % STYLES.length]
    const word = words[(7 * i) % words.length]
    // One in five is seen small.
    const side = i % 5 === 4 ? 128 : 512
    return {
      ...{ id: `painter-${i}`, source: 'painter', word, style, seed: 900 + i, width: side, height: side, weight: 1 },
      distortion: KINDS[i % KINDS.length],
      level: LEVELS[Math.floor(i / KINDS.length) % LEVELS.length],
    }
  })
  const draft = Array.from({ length: 120 }, (_, i): PlannedPicture => {
    const side = [512, 384, 256][i % 3]
    return {
      ...{ id: `draft-${i}`, source: 'draft', word: words[(5 * i) % words.length], style: STYLES[i % STYLES.length] },
      ...{ seed: 1 + i, width: side, height: side, weight: (Math.floor(i / 3) % 5) / 4 },
      ...{ distortion: 'blur', level: 0 },
    }
  })
  return [...painter, ...draft]
}
