/** Presets of strengths and spans, and the sum of strengths over the steps. */
import type { RequestInput } from '../../core/contract/request.ts'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { MAP_ORDER } from '../lists.ts'
import { type Control, useCompose } from '../store/compose.ts'

type Weights = Readonly<Record<MapName, number>>

/** Edges keep a word's shape best and lines its strokes; depth and segments leave the picture more freedom. */
export const PRESETS = {
  legible: { weights: { canny: 1.1, depth: 0.8, segmentation: 0.5, scribble: 0.6 }, end: 1 },
  balanced: { weights: { canny: 0.6, depth: 0.6, segmentation: 0.6, scribble: 0.6 }, end: 1 },
  loose: { weights: { canny: 0.35, depth: 0.3, segmentation: 0.2, scribble: 0.3 }, end: 0.8 },
  late: { weights: { canny: 1, depth: 0.7, segmentation: 0.5, scribble: 0.5 }, end: 0.5 },
} as const satisfies Record<string, { weights: Weights; end: number }>
export type Preset = keyof typeof PRESETS

function setControls(of: (map: MapName) => Partial<Control>): void {
  useCompose.getState().edit(draft => {
    const { controls } = draft.request
    const all = MAP_ORDER.map(map => [map, { ...controls?.[map], ...of(map) }])
    const request: RequestInput = { ...draft.request, controls: Object.fromEntries(all) }
    return { ...draft, off: [], solo: null, request }
  })
}

/** Sets strengths and spans; methods and own pictures stay. */
export const takePreset = (name: Preset): void =>
  setControls(map => ({ weight: PRESETS[name].weights[map], start: 0, end: PRESETS[name].end }))

/** Copies a style's strengths, spans and methods without choosing the style. */
export const copyControls = ({ controls }: StyleDefinition): void => setControls(map => controls[map])

type Part = Pick<Control, 'weight' | 'start' | 'end'>

/** The sum of strengths over the steps, in pieces that end where a span begins or ends. */
export function fusedOver(parts: readonly Part[]): { start: number; end: number; weights: number[]; sum: number }[] {
  const edges = [...new Set([0, 1, ...parts.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b)
  return edges.slice(1).map((end, at) => {
    const start = edges[at] ?? 0
    const weights = parts.map(part => (part.start <= start && part.end >= end ? part.weight : 0))
    return { start, end, weights, sum: weights.reduce((total, weight) => total + weight, 0) }
  })
}
