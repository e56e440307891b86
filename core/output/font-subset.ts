/**
 * A part of a font as a font of its own: the characters of some texts, at one weight, for files that fonts are embedded in.
 * HarfBuzz's subsetter, which harfbuzzjs ships as plain WebAssembly (src/hb-subset.h has its interface).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The functions that are used; pointers are numbers. */
interface Subsetter {
  memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  free(at: number): void
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number
  hb_blob_destroy(blob: number): void
  hb_blob_get_length(blob: number): number
  hb_blob_get_data(blob: number, length: number): number
  hb_face_create(blob: number, index: number): number
  hb_face_destroy(face: number): void
  hb_face_reference_blob(face: number): number
  hb_set_add(set: number, value: number): void
  hb_subset_input_create_or_fail(): number
  hb_subset_input_destroy(input: number): void
  hb_subset_input_unicode_set(input: number): number
  hb_subset_input_pin_all_axes_to_default(input: number, face: number): number
  hb_subset_input_pin_axis_location(input: number, face: number, axis: number, value: number): number
  hb_subset_or_fail(face: number, input: number): number
  _initialize?(): void
}

/** HB_MEMORY_MODE_WRITABLE: the subsetter may use the memory that it is given. */
const WRITABLE = 2
/** The tag "wght". */
const WEIGHT = 0x77676874

/** As far as it is used here: Node's types leave it to those of browsers. */
interface WebAssemblyHere {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}
const { WebAssembly: wasmHere } = globalThis as unknown as { WebAssembly: WebAssemblyHere }

let loaded: Subsetter | null = null

function subsetter(): Subsetter {
  if (!loaded) {
    const folder = dirname(createRequire(import.meta.url).resolve('harfbuzzjs'))
    const wasm = readFileSync(join(folder, 'harfbuzz-subset.wasm'))
    const instance = new wasmHere.Instance(new wasmHere.Module(wasm), {})
    loaded = instance.exports as Subsetter
    loaded._initialize?.()
  }
  return loaded
}

/**
 * @param bytes an OpenType font or collection, unpacked
 * @param index which font of a collection
 * @param text the characters that are kept
 * @param weight of the weight axis; ignored where there is none
 * @returns a font without variations
 * @throws RangeError where HarfBuzz can make no font of it
 */
export function subsetFont(bytes: Uint8Array, index: number, text: string, weight: number): Uint8Array {
  const hb = subsetter()
  const data = hb.malloc(bytes.length)
  if (data === 0) throw new RangeError('the font does not fit')
  new Uint8Array(hb.memory.buffer).set(bytes, data)
  const blob = hb.hb_blob_create(data, bytes.length, WRITABLE, 0, 0)
  const face = hb.hb_face_create(blob, index)
  const input = hb.hb_subset_input_create_or_fail()
  try {
    const unicodes = hb.hb_subset_input_unicode_set(input)
    for (const character of text) hb.hb_set_add(unicodes, character.codePointAt(0)!)
    hb.hb_subset_input_pin_all_axes_to_default(input, face)
    hb.hb_subset_input_pin_axis_location(input, face, WEIGHT, weight)
    const made = hb.hb_subset_or_fail(face, input)
    if (made === 0) throw new RangeError('no part of the font can be taken')
    const result = hb.hb_face_reference_blob(made)
    const length = hb.hb_blob_get_length(result)
    const at = hb.hb_blob_get_data(result, 0)
    const font = new Uint8Array(hb.memory.buffer).slice(at, at + length)
    hb.hb_blob_destroy(result)
    hb.hb_face_destroy(made)
    return font
  } finally {
    hb.hb_subset_input_destroy(input)
    hb.hb_face_destroy(face)
    hb.hb_blob_destroy(blob)
    hb.free(data)
  }
}
