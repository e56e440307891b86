import { describe, expect, it } from 'vitest'
import { GraphBuilder } from './builder.ts'
import { buildFusedDenoiser } from './denoiser.ts'
import { projectedSplitGelu } from './fusions.ts'
import { asChannelsLast, channelsFirst, channelsLast } from './layout.ts'
import { FUSIONS, OP_PROFILES, type OpProfile } from './op-profiles.ts'
import { add, reshape, toTokens } from './ops.ts'
import { randomModel, TINY_SIZE } from './random-model.ts'
import { buildUNet } from './unet.ts'
import { buildVae } from './vae.ts'

const size = { batch: 2, height: 16, width: 24, tokens: 77, guided: true }
const text = (onnx: Uint8Array) => Buffer.from(onnx).toString('latin1')
/** Nodes of a type: its field in the protobuf is 4, a string with its length before it. */
const count = (onnx: Uint8Array, type: string) =>
  text(onnx).split(`\x22${String.fromCharCode(type.length)}${type}`).length - 1
const ops = (maps: OpProfile['maps']): OpProfile => ({ ...OP_PROFILES.cpu, ...(maps && { maps }) })
const graphs = (maps: OpProfile['maps']) => {
  const { unet, controlnet, vae } = randomModel(TINY_SIZE)
  const { step } = buildFusedDenoiser(unet, controlnet!, ops(maps), size)
  return [step, buildVae(vae, ops(maps), { height: 16, width: 24 }).decoder]
}

describe('maps channels last', () => {
  it('leave the graphs of before as they were', () => {
    const [plain, named] = [graphs(undefined), graphs('channels-first')]
    for (const [i, { onnx }] of named.entries()) expect(Buffer.compare(onnx, plain[i].onnx)).toBe(0)
  })

  it('every convolution and group norm is the contributed one, and no map is turned but at the edges', () => {
    for (const [i, { onnx, inputs, outputs }] of graphs('channels-last').entries()) {
      const before = graphs(undefined)[i]
      expect(outputs).toEqual(before.outputs)
      expect([count(onnx, 'Conv'), count(onnx, 'InstanceNormalization')]).toEqual([0, 0])
      expect(count(onnx, 'NhwcConv')).toBe(count(before.onnx, 'Conv'))
      expect(count(onnx, 'GroupNorm')).toBe(count(before.onnx, 'InstanceNormalization'))
      // The weights of each convolution are turned, at load; of the maps only those that come in and go out.
      expect(count(onnx, 'Transpose') - count(onnx, 'NhwcConv')).toBeLessThanOrEqual(inputs.length + outputs.length)
    }
  })

  it('fused ops take the place of theirs, where the kernels have the size', () => {
    const { unet } = randomModel(TINY_SIZE)
    const { onnx } = buildUNet(unet, { ...ops('channels-last'), fusions: FUSIONS }, size, false).step
    const before = buildUNet(unet, ops('channels-last'), size, false).step.onnx
    const norms = count(before, 'GroupNorm')
    // The second of each block's two, of which the outermost has none.
    expect(count(onnx, 'SkipGroupNorm')).toBeGreaterThan(norms / 3)
    expect(count(onnx, 'GroupNorm') + count(onnx, 'SkipGroupNorm')).toBe(norms)
    const attentions = count(before, 'MultiHeadAttention')
    expect(count(onnx, 'MultiHeadAttention')).toBe(attentions)
    // To itself and to the text in turns: one product instead of three.
    expect(count(before, 'Gemm') - count(onnx, 'Gemm')).toBe((attentions / 2) * 2)
    expect(count(onnx, 'BiasSplitGelu')).toBe(0)
    const g = new GraphBuilder('test', unet.weights(), { ...ops('channels-last'), fusions: FUSIONS })
    g.output('y', projectedSplitGelu(g, 'proj', g.input('x', [1, 4, 8]), 1280))
    expect(count(g.finish().onnx, 'BiasSplitGelu')).toBe(1)
  })

  it('what lies otherwise is refused where its dimensions would be read, and at the edge', () => {
    const g = new GraphBuilder('test', randomModel(TINY_SIZE).unet.weights(), ops('channels-last-plain'))
    const map = channelsLast(g, g.input('x', [1, 8, 4, 6]))
    expect(map.shape).toEqual([1, 8, 4, 6])
    expect(channelsLast(g, map)).toBe(map)
    expect(channelsFirst(g, map).layout).toBeUndefined()
    expect(add(g, map, g.input('y', [1, 8, 4, 6])).layout).toBe('channels-last')
    expect(toTokens(g, map).shape).toEqual([1, 24, 8])
    expect(() => reshape(g, map, [1, 192])).toThrow('channels last')
    expect(() => g.output('z', asChannelsLast(map, map.shape))).toThrow('channels last')
  })
})
