/**
 * ControlNet-Union, UNet and guidance in one graph: between the two networks 27 million numbers a row of the batch pass at
 * 1024², and here they never leave the provider.
 *
 *   sample ─┬─ controlnet ─ residuals ─┐
 *           └─ unet ───────────────────┴─ noise of both rows ─ guidance ─ noise_pred
 */
import type { Component } from '../weights/types.ts'
import { type Graph, GraphBuilder, type Value } from './builder.ts'
import { type ControlGraphs, controlNetNodes } from './controlnet-union.ts'
import type { OpProfile } from './op-profiles.ts'
import { latentsInput, type NetworkSize, noiseOutput, unetNodes } from './unet.ts'
import { readUNetConfig, type UNetConfig } from './unet-config.ts'

export interface FusedGraphs {
  unet: UNetConfig
  /** The UNet's; its outputs are named as the step's inputs, "unet/embedding". */
  context: Graph
  /** The ControlNet's graphs of once a picture; the context's outputs are named "controlnet/embedding". */
  control: ControlGraphs
  /**
   * sample, unet/time_proj, controlnet/time_proj, the outputs of both contexts, controlnet/fuser, controlnet/residual_scale,
   * and guidance_scale where guided → noise_pred.
   */
  step: Graph
}

export function buildFusedDenoiser(
  unetComponent: Component,
  controlnetComponent: Component,
  ops: OpProfile,
  size: NetworkSize,
): FusedGraphs {
  const config = readUNetConfig('unet', unetComponent.config)
  const unetWeights = unetComponent.weights()
  const controlWeights = controlnetComponent.weights()
  const g = new GraphBuilder('denoiser', unetWeights, ops)
  const once = new GraphBuilder('unet.context', unetWeights, ops)
  const sample: Value = latentsInput(g, config, size)
  const { residuals, ...control } = controlNetNodes(
    g.part('controlnet', controlWeights),
    controlnetComponent,
    size,
    () => sample,
  )
  noiseOutput(
    g,
    unetNodes(g.part('unet', unetWeights), once, config, size, sample, () => residuals),
    size,
  )
  unetWeights.finish()
  controlWeights.finish()
  return { unet: config, context: once.finish(), control, step: g.finish() }
}
