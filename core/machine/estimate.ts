/**
 * What a picture will take of memory, before anything is loaded: weights from the files' headers, the values between the
 * layers from the graphs' static shapes, times what was measured of each provider (factors.ts).
 */
import { ClipNetwork } from '../engine/clip-network.ts'
import { planDenoiser } from '../engine/denoiser.ts'
import { batchOf, type LoadOptions, type Network, type Plan } from '../engine/network.ts'
import type { NetworkRole, RetentionPolicy } from '../engine/network-cache.ts'
import { KEPT_BYTES, LATENT_STRIDE, latentTiling, type TileSize, tileCount } from '../engine/tiles.ts'
import { VaeNetwork } from '../engine/vae-network.ts'
import type { Model } from '../weights/types.ts'
import type { EstimatedStage, Factors } from './factors.ts'

/** What of a picture memory depends on. */
export interface PictureShape {
  /** Pixels. */
  width: number
  height: number
  /** Text tokens: 77 a chunk. */
  tokens: number
  guided: boolean
  /** Control pictures. */
  controls: number
  /** The only control acts in a part of the steps. */
  windowed: boolean
  /** It starts from a picture. */
  init: boolean
  /** Pictures of the job. Default 1. */
  count?: number
  /** Painted in tiles of this size. */
  tiling?: TileSize | null
}

/** @param controls where in the steps each acts, 0..1 */
export function shapeOf({
  width,
  height,
  guidanceScale,
  controls,
  init,
  count,
  tiling = null,
}: {
  width: number
  height: number
  guidanceScale: number
  controls: readonly { start: number; end: number }[]
  init: unknown
  count: number
  tiling?: TileSize | null | undefined
}): PictureShape {
  const windowed = controls.length === 1 && (controls[0].start > 0 || controls[0].end < 1)
  const guided = guidanceScale > 1
  const shape = { width, height, tokens: 77, guided, controls: controls.length, windowed, init: init !== null, count }
  return tiling ? { ...shape, tiling } : shape
}

/** Bytes. */
export interface StageEstimate {
  stage: EstimatedStage
  /** Weights that are in memory then, those kept from earlier stages among them. */
  weights: number
  /** Values between the layers, and the arrays around them. */
  working: number
  /** Of weights + working what no factor stands before. */
  fixed: number
  /** What the graphs' shapes add up to, with the gaps of large arenas: weights + working = fixed + factor · runs. */
  runs: number
  /** Parts of weights files that are mapped into memory: the system keeps them there as long as nobody else wants it. */
  mapped: number
}

export interface MemoryEstimate {
  stages: StageEstimate[]
  /** The stage that takes most. */
  peak: StageEstimate
  /** weights + working of the peak, and what the process takes by itself. */
  total: number
  /** What the process takes by itself. */
  itself: number
  /** How many tiles the decoder cuts the picture into. */
  tiles: number
}

/** Node, this program and the engine's library, before any network is loaded. Measured: 150–183 MB. */
const PROCESS_BYTES = 165e6
/** The two tokenizers, an entry of a vocabulary. Measured: 47 MB for twice 49,408. */
const TOKEN_BYTES = 480
/** What a session keeps of a node of its graph. Measured: see bench:memory. */
const NODE_BYTES = 10_000
/**
 * What casting and prepacking weights at load leave behind, in parts of the weights. Measured on two processors at 0.7 G
 * parameters: 0.16 and 0.34. Of a card nothing was measured.
 */
const LOADING_SHARE = { processor: 0.26, card: 0.16 }

/**
 * ONNX Runtime's arena doubles up to 1 GB, and grows request by request beyond, with gaps that nothing else fits into. Measured:
 * a twentieth more a gigabyte, with the draft model at 2048² and 3072², in one piece and in tiles.
 */
const DOUBLING_BYTES = 1e9
const GAPS_PER_BYTE = 0.05 / 1e9
const MOST_GAPS = 0.3

/** What an arena takes whose values add up to so many bytes. */
const grown = (bytes: number): number =>
  bytes * (1 + Math.min(MOST_GAPS, GAPS_PER_BYTE * Math.max(0, bytes - DOUBLING_BYTES)))

interface Step {
  stage: EstimatedStage
  networks: readonly { role: NetworkRole; plan: Plan<Network> }[]
  /** Bytes of arrays outside the engine. */
  arrays: number
}

/** @param model opened, not loaded; its graphs are built for this, which takes a second at SDXL's size */
export function estimatePicture(
  model: Model,
  options: LoadOptions,
  retention: RetentionPolicy,
  picture: PictureShape,
  factors: Factors,
): MemoryEstimate {
  const { steps, tiles } = stepsOf(model, options, picture)
  let held: { role: NetworkRole; plan: Plan<Network> }[] = []
  const stages = steps.map(({ stage, networks, arrays }): StageEstimate => {
    const needed = networks.reduce((sum, { plan }) => sum + plan.bytes, 0)
    // As NetworkCache does: what was used longest ago goes first.
    while (held.length && held.reduce((sum, { plan }) => sum + plan.bytes, needed) > retention.budgetBytes) held.shift()
    const all = [...held, ...networks]
    const sum = (each: (plan: Plan<Network>) => number) => all.reduce((total, { plan }) => total + each(plan), 0)
    // Over mapped weights an arena goes back after each run: only the largest of this stage is there.
    const arenas = sum(plan => grown(plan.bytes - plan.weightBytes))
    const running = Math.max(
      0,
      ...networks.filter(({ plan }) => plan.bytes === plan.weightBytes).map(({ plan }) => plan.workingBytes),
    )
    const weights = sum(plan => plan.weightBytes)
    const sessions = NODE_BYTES * sum(plan => plan.nodes)
    const runs = arenas + running
    const beside = arrays + sessions + LOADING_SHARE[options.provider === 'cpu' ? 'processor' : 'card'] * weights
    const working = factors.of(options.provider, stage) * runs + beside
    const { keep = 'all' } = retention
    held = keep === 'nothing' ? [] : all.filter(({ role }) => keep === 'all' || role === 'denoiser')
    return { stage, weights, working, fixed: weights + beside, runs, mapped: sum(plan => plan.fileBytes) }
  })
  const peak = stages.reduce((most, each) => (each.weights + each.working > most.weights + most.working ? each : most))
  const vocabularies = [model.textEncoder, model.textEncoder2].map(({ config }) => Number(config['vocab_size'] ?? 0))
  const itself = PROCESS_BYTES + TOKEN_BYTES * (vocabularies[0] + vocabularies[1])
  return { stages, peak, total: itself + peak.weights + peak.working, itself, tiles }
}

function stepsOf(model: Model, options: LoadOptions, picture: PictureShape): { steps: Step[]; tiles: number } {
  const { width, height, tokens, guided, controls } = picture
  const size = { height: height / LATENT_STRIDE, width: width / LATENT_STRIDE }
  const part = latentTiling(picture, picture.tiling)
  const side = picture.tiling ? Math.max(part.height, part.width) : null
  const layers = (component: Model['textEncoder']) => [Number(component.config['num_hidden_layers']) - 1]
  const text = (kind: 'text_encoder' | 'text_encoder_2', component: Model['textEncoder']) => ({
    role: 'text encoder' as const,
    plan: ClipNetwork.plan(kind, component, options, layers(component)),
  })
  const denoiserOptions = picture.windowed ? { ...options, ops: { ...options.ops, step: 'split' as const } } : options
  const pictures = batchOf(picture.count ?? 1, options)
  const denoiser = planDenoiser(
    model,
    denoiserOptions,
    { height: part.height, width: part.width, tokens, guided, pictures },
    controls > 0,
  )
  const decoder = VaeNetwork.plan(model.vae, options, size, 'decoder', side)
  const pixels = 3 * width * height
  const channels = Number((model.unet.config['block_out_channels'] as number[] | undefined)?.[0] ?? 0)
  const features = 4 * channels * part.width * part.height
  // A control picture's bytes, those of a tile as floats one at a time, what each has become, and the sums that are kept.
  const kept = tileCount(part) === 1 ? features : Math.min(KEPT_BYTES, tileCount(part) * features)
  const floats = 4 * 3 * part.width * part.height * LATENT_STRIDE ** 2
  const control = controls > 0 ? controls * (pixels + features) + floats + kept : 0
  const encoder = picture.init
    ? [{ role: 'vae' as const, plan: VaeNetwork.plan(model.vae, options, size, 'encoder', side) }]
    : []
  const encoders = [text('text_encoder', model.textEncoder), text('text_encoder_2', model.textEncoder2)]
  return {
    tiles: decoder.tiles,
    steps: [
      { stage: 'encode', networks: encoders, arrays: controls * pixels },
      ...(encoder.length
        ? [{ stage: 'init' as const, networks: encoder, arrays: controls * pixels + 4 * pixels }]
        : []),
      { stage: 'denoise', networks: [{ role: 'denoiser', plan: denoiser }], arrays: control },
      {
        stage: 'decode',
        networks: [{ role: 'vae', plan: decoder }],
        // The floats that the decoder gives, and the same as bytes; tiles beside the whole that they are blended into.
        arrays: (controls + 5 + (decoder.tiles > 1 ? 8 : 0)) * pixels,
      },
    ],
  }
}
