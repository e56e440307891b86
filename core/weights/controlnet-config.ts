/** The fields of a ControlNet-Union's config that its published file leaves out. */
import { fault } from '../faults/fault.ts'
import type { Config } from './network.ts'
import type { Tensor } from './types.ts'

/** What the published config.json leaves out. Source: diffusers models/controlnets/controlnet_union.py, __init__ defaults. */
const DEFAULTS = { num_trans_channel: 320, num_trans_head: 8, num_trans_layer: 1, num_proj_channel: 320 }

/** The config with every field of the Union's own; the number of control types is the weights', 6 or 8. */
export function completeControlnetConfig(label: string, config: Config, tensors: ReadonlyMap<string, Tensor>): Config {
  const types = tensors.get('task_embedding')?.shape[0]
  if (types === undefined) throw fault('notAControlnetUnion', { label })
  return { ...DEFAULTS, ...config, num_control_type: types }
}
