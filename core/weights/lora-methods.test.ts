/** Every family against LyCORIS' own numbers: fixtures/lora/make-lycoris.py and make-oft.py made them. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownFixtures } from '../testing/fixtures.ts'
import { type LoraPart, splitLoraKey } from './lora-keys.ts'
import { applyMethod, methodOf, type Parts, partsFit, rankOf, type Values } from './lora-methods.ts'
import { toFloat32 } from './numbers.ts'
import { readHeader, readTensor } from './safetensors.ts'

const files = new Map<string, string>()
for (const name of ['lycoris', 'oft']) {
  const file = join(ownFixtures, `lora/${name}.safetensors`)
  for (const key of (await readHeader(file)).tensors.keys()) files.set(key, file)
}
const names = [...files.keys()]
const cases = [...new Set(names.map(name => name.split('/')[0]))]

async function values(name: string): Promise<Values> {
  const { dtype, shape, data } = await readTensor(files.get(name)!, name)
  return { shape, data: toFloat32(dtype, data).slice() }
}

async function partsOf(name: string): Promise<Parts> {
  const parts: Partial<Record<LoraPart, Values>> = {}
  for (const key of names.filter(each => each.startsWith(`${name}/param.`))) {
    const { module, part } = splitLoraKey(`lora_unet_x.${key.slice(`${name}/param.`.length)}`)!
    expect(module).toBe('lora_unet_x')
    parts[part] = await values(key)
  }
  return parts
}

const worst = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('merged as LyCORIS merges', () => {
  it('has every family', () => expect(cases.length).toBeGreaterThanOrEqual(58))

  it.each(cases)('%s', async name => {
    const parts = await partsOf(name)
    const found = methodOf(parts)
    if (!found || !('method' in found)) throw new Error(`no method: ${JSON.stringify(found)}`)
    const { method } = found
    const base = await values(`${name}/base`)
    expect(partsFit(method, parts, base.shape)).toBe(true)
    const rank = rankOf(method, parts)
    const scale = rank === null ? 1 : (parts.alpha?.data[0] ?? rank) / rank
    for (const weight of [1, 0.6]) {
      const merged = base.data.slice()
      await applyMethod(method, merged, base.shape, parts, { scale, weight })
      const golden = await values(`${name}/merged.${weight.toFixed(1)}`)
      expect(worst(merged, golden.data)).toBeLessThan(1e-5)
      expect(worst(merged, base.data)).toBeGreaterThan(1e-3)
      if (parts.diff_b) {
        const bias = await values(`${name}/base_bias`)
        await applyMethod('add', bias.data, bias.shape, { diff: parts.diff_b }, { scale: 1, weight })
        const goldenBias = await values(`${name}/merged_bias.${weight.toFixed(1)}`)
        expect(worst(bias.data, goldenBias.data)).toBeLessThan(1e-6)
      }
    }
  })

  it('parts of another weight do not fit, whatever the family', async () => {
    for (const name of cases) {
      const parts = await partsOf(name)
      const found = methodOf(parts)
      if (!found || !('method' in found)) throw new Error(name)
      const { shape } = await values(`${name}/base`)
      const [rows, ...rest] = shape
      if (!/^(ia3-input|dora-in)/.test(name) || found.method === 'lora')
        expect(partsFit(found.method, parts, [rows + 7, ...rest]), name).toBe(false)
      if (rest.length > 0 && !/^ia3|^dora-out/.test(name) && found.method !== 'oft')
        expect(partsFit(found.method, parts, [rows, rest[0] + 5, ...rest.slice(1)]), name).toBe(false)
    }
  })
})
