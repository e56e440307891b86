/** The forms that a CPU can run of what CUDA is given, beside the ops' published formulas (fixtures/contributed-ops). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FUSIONS, OP_PROFILES, type OpProfile } from '../graph/op-profiles.ts'
import { buildContributed, CONTRIBUTED, CONTRIBUTED_CASES } from '../graph/testing-contributed.ts'
import { ownFixtures } from '../testing/fixtures.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readHeader, readTensor } from '../weights/safetensors.ts'
import { Session } from './session.ts'
import { floats, type Tensor, type Tensors } from './tensor.ts'

const folder = join(ownFixtures, 'contributed-ops')
const file = join(folder, 'golden.safetensors')
const { tensors } = await readHeader(file)
const cpu: OpProfile = { ...OP_PROFILES.cpu, contextOnce: false }
const forms: [string, OpProfile][] = [
  ['the processor’s own', cpu],
  ['channels last, attention and activations contributed', { ...cpu, maps: 'channels-last-plain' }],
  [
    'channels last, all of standard ops',
    { ...cpu, maps: 'channels-last-plain', attention: 'plain', activation: 'plain' },
  ],
  ['channels last, weights of query, key and value joined', { ...cpu, maps: 'channels-last-plain', fusions: FUSIONS }],
]

async function golden(name: string): Promise<Tensor> {
  const { dtype, shape, data } = await readTensor(file, name)
  return floats(toFloat32(dtype, data), ...shape)
}

describe.each(Object.keys(CONTRIBUTED_CASES))('%s', name => {
  it('is built as when its golden was made', () => {
    // Other bytes: run build/contributed-graphs.ts and make.py again.
    expect(Buffer.compare(buildContributed(name, CONTRIBUTED).onnx, readFileSync(join(folder, `${name}.onnx`)))).toBe(0)
  })

  it.each(forms)('%s: within 1e-5 of the formulas', async (_, ops) => {
    const names = [...tensors.keys()].filter(key => key.startsWith(`${name}/`))
    const values: Tensors = Object.fromEntries(
      await Promise.all(names.map(async key => [key.slice(name.length + 1), await golden(key)] as const)),
    )
    const session = await Session.load(buildContributed(name, ops), { provider: 'cpu', threads: 1 })
    const out = (await session.run(values))['y']
    await session.release()
    const wanted = values['y']
    expect(out.shape).toEqual(wanted.shape)
    const largest = Math.max(1, ...(wanted.data as Float32Array).map(Math.abs))
    const off = Math.max(...(out.data as Float32Array).map((value, i) => Math.abs(value - Number(wanted.data[i]))))
    expect(off / largest).toBeLessThan(1e-5)
  })
})
