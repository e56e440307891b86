/** Keys that published files carry and no network of ours reads, by kind. They are listed and never in the way. */

export type LeftOverKind = 'ema' | 'training' | 'buffer' | 'projection' | 'scale' | 'mark' | 'other'

/** Kind → names, in the order of the file. */
export type LeftOver = Readonly<Partial<Record<LeftOverKind, readonly string[]>>>

const KINDS: readonly (readonly [pattern: RegExp, kind: LeftOverKind])[] = [
  // Averages kept for further training, and a counter beside them.
  [/^(.*\.)?model_ema\.|(^|\.)ema\./, 'ema'],
  // Losses, DDPM's schedule (ldm's DDPM.register_schedule), optimizers.
  [/^(.*\.)?loss\.|^(optimizer|state)\.|^(logvar|scale_factor|global_step|epoch|ucg|denoiser\.sigmas)$/, 'training'],
  [/^(betas|alphas_cumprod|alphas_cumprod_prev|posterior_\w+|(sqrt|log)_\w*alphas_cumprod|lvlb_weights)$/, 'training'],
  // 0..76 as older transformers saved it, CLIP's contrastive temperature, counters of norms.
  [/(^|\.)(position_ids|logit_scale|num_batches_tracked|attn_mask)$/, 'buffer'],
  [/(^|\.)text_projection(\.weight)?$/, 'projection'],
  [/(^|\.)(scaled_fp8|comfy_quant|scale_input|input_scale|scale_weight|weight_scale|weight_scale_2|SCB)$/, 'scale'],
  // What a checkpoint was trained for: single-file.ts reads them.
  [/^(v_pred|ztsnr|edm_mean|edm_std|edm_vpred\.sigma_(max|min))$/, 'mark'],
]

/** Sorts names that nothing reads. */
export function sortLeftOver(names: Iterable<string>): LeftOver {
  return Object.fromEntries(Map.groupBy(names, kindOf)) as LeftOver
}

/** True for a key that no network of ours ever reads, whatever file it stands in. */
export function isNeverRead(name: string): boolean {
  const kind = kindOf(name)
  return kind !== 'other' && kind !== 'projection'
}

function kindOf(name: string): LeftOverKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}
