/** A weights file as graphs read it: every tensor with its place, quantised ones in the cache of widened copies. */
import { resolve } from 'node:path'
import { readHeader, type SafetensorsHeader, type TensorEntry } from './safetensors.ts'
import { planWidening, type Widening, widenedCopy } from './widen.ts'

/** A tensor's place: in the published file, or in a widened copy. */
export interface PlacedEntry extends TensorEntry {
  readonly file: string
}

export interface WeightsFile {
  readonly file: string
  readonly header: SafetensorsHeader
  /** Without the scales of quantised tensors, which are used up in widening. */
  readonly tensors: ReadonlyMap<string, PlacedEntry>
  /** The published file and, where there is one, its widened copy. */
  readonly files: readonly string[]
}

/**
 * Reads the header; tensors in F64, fp8 or scaled I8 are written once as floats that a graph reads (widen.ts).
 * @param wanted names that matter: others are not widened
 * @throws StudioError 'missing-model' or 'bad-weights'; 'cannot-write' where a widened copy has no room
 */
export async function openWeightsFile(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<WeightsFile> {
  const file = resolve(path)
  const header = await readHeader(file)
  const plan = planWidening(header, wanted)
  const tensors = placed(file, header, plan)
  if (plan.tensors.length === 0) return { file, header, tensors, files: [file] }
  const copy = await widenedCopy(file, plan)
  for (const [name, entry] of (await readHeader(copy)).tensors) tensors.set(name, { ...entry, file: copy })
  return { file, header, tensors, files: [file, copy] }
}

/** The same from the header alone: quantised tensors have their wider dtype, and no numbers can be read. */
export function describeWeightsFile(file: string, header: SafetensorsHeader): WeightsFile {
  const plan = planWidening(header)
  const tensors = placed(file, header, plan)
  for (const { name, shape, dtype } of plan.tensors) tensors.set(name, { file, shape, dtype, offset: 0, length: 0 })
  return { file, header, tensors, files: [file] }
}

function placed(file: string, header: SafetensorsHeader, plan: Widening): Map<string, PlacedEntry> {
  const kept = [...header.tensors].filter(([name]) => !plan.scales.has(name))
  return new Map(kept.map(([name, entry]) => [name, { ...entry, file }]))
}
