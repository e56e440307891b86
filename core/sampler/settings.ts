/**
 * Scheduler configs as diffusers publishes them: one schema a class, the defaults of its __init__, and an error that
 * names a value which this code does not know. Keys of other classes are left out, as diffusers leaves them out.
 */
import { z } from 'zod'
import type { SamplerName } from '../contract/vocabulary.ts'
import { fault, phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'

const train = {
  num_train_timesteps: z.int().min(2).max(100_000).default(1000),
  beta_start: z.number().positive().max(1).default(0.0001),
  beta_end: z.number().positive().max(1).default(0.02),
  beta_schedule: z.enum(['linear', 'scaled_linear']).default('linear'),
  trained_betas: z.undefined().optional(),
}
const rescale = { rescale_betas_zero_snr: z.boolean().default(false) }
const predictions = { prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon') }
const spacing = {
  timestep_spacing: z.enum(['linspace', 'leading', 'trailing']).default('linspace'),
  steps_offset: z.int().min(0).max(1000).default(0),
}
const karras = {
  use_karras_sigmas: z.boolean().default(false),
  use_exponential_sigmas: z.literal(false).default(false),
  use_beta_sigmas: z.literal(false).default(false),
}
const sigmaRange = { sigma_min: z.number().positive().optional(), sigma_max: z.number().positive().optional() }
const finalSigma = { final_sigmas_type: z.enum(['zero', 'sigma_min']).default('zero') }
const clip = {
  clip_sample: z.boolean().default(false),
  clip_sample_range: z.number().positive().default(1),
}
const thresholding = { thresholding: z.literal(false).default(false) }
const noFlow = {
  use_flow_sigmas: z.literal(false).default(false),
  use_dynamic_shifting: z.literal(false).default(false),
}
/** An argument of step() in diffusers: how much fresh noise a step takes, 0 none. */
const eta = (preset: number) => ({ eta: z.number().min(0).max(1).default(preset) })
/** An argument of set_timesteps() in diffusers. */
const timesteps = { timesteps: z.array(z.int().min(0)).min(1).max(1000).optional() }
const fromOne = { set_alpha_to_one: z.boolean().default(true) }

/** diffusers' defaults of the consistency schedulers: Stable Diffusion's noise. */
const trainedAsSdxl = {
  ...train,
  beta_start: train.beta_start.unwrap().default(0.00085),
  beta_end: train.beta_end.unwrap().default(0.012),
  beta_schedule: train.beta_schedule.unwrap().default('scaled_linear'),
}

/** A class of diffusers → the fields that it reads. */
export const SCHEMAS = {
  EulerDiscreteScheduler: z.object({
    ...train,
    ...rescale,
    ...predictions,
    ...spacing,
    ...karras,
    ...sigmaRange,
    ...finalSigma,
    interpolation_type: z.literal('linear').default('linear'),
    timestep_type: z.literal('discrete').default('discrete'),
  }),
  EulerAncestralDiscreteScheduler: z.object({
    ...train,
    ...rescale,
    ...spacing,
    prediction_type: z.enum(['epsilon', 'v_prediction']).default('epsilon'),
  }),
  HeunDiscreteScheduler: z.object({
    ...train,
    beta_start: train.beta_start.unwrap().default(0.00085),
    beta_end: train.beta_end.unwrap().default(0.012),
    ...predictions,
    ...spacing,
    ...karras,
    ...clip,
  }),
  DPMSolverMultistepScheduler: z.object({
    ...train,
    ...rescale,
    ...predictions,
    ...spacing,
    ...karras,
    ...finalSigma,
    ...thresholding,
    ...noFlow,
    algorithm_type: z.enum(['dpmsolver++', 'sde-dpmsolver++']).default('dpmsolver++'),
    solver_order: z.union([z.literal(1), z.literal(2)]).default(2),
    // The names of other classes' solvers mean midpoint here, as in diffusers.
    solver_type: z.enum(['midpoint', 'heun', 'logrho', 'bh1', 'bh2']).default('midpoint'),
    lower_order_final: z.boolean().default(true),
    euler_at_final: z.boolean().default(false),
    use_lu_lambdas: z.literal(false).default(false),
    lambda_min_clipped: z.undefined().optional(),
    variance_type: z.undefined().optional(),
  }),
  UniPCMultistepScheduler: z.object({
    ...train,
    ...rescale,
    ...predictions,
    ...spacing,
    ...karras,
    ...sigmaRange,
    ...finalSigma,
    ...thresholding,
    ...noFlow,
    predict_x0: z.literal(true).default(true),
    solver_order: z.union([z.literal(1), z.literal(2)]).default(2),
    solver_type: z.enum(['bh1', 'bh2', 'midpoint', 'heun', 'logrho']).default('bh2'),
    lower_order_final: z.literal(true).default(true),
    disable_corrector: z.array(z.int()).default([]),
    solver_p: z.undefined().optional(),
  }),
  DDIMScheduler: z.object({
    ...train,
    ...rescale,
    ...predictions,
    ...spacing,
    ...clip,
    ...fromOne,
    ...thresholding,
    ...eta(0),
    clip_sample: z.boolean().default(true),
    timestep_spacing: spacing.timestep_spacing.unwrap().default('leading'),
  }),
  LCMScheduler: z.object({
    ...trainedAsSdxl,
    ...rescale,
    ...predictions,
    ...clip,
    ...fromOne,
    ...thresholding,
    ...timesteps,
    original_inference_steps: z.int().positive().default(50),
    timestep_scaling: z.number().positive().default(10),
  }),
  TCDScheduler: z.object({
    ...trainedAsSdxl,
    ...rescale,
    ...predictions,
    ...thresholding,
    ...timesteps,
    ...eta(0.3),
    original_inference_steps: z.int().positive().default(50),
  }),
} as const
export type SchedulerClass = keyof typeof SCHEMAS
export type Settings<C extends SchedulerClass> = z.infer<(typeof SCHEMAS)[C]>

/** Every sampler is a class of diffusers and the flags that make it what its name says. */
const SAMPLER_CLASSES: Record<SamplerName, { class: SchedulerClass; flags: Record<string, unknown> }> = {
  euler: { class: 'EulerDiscreteScheduler', flags: { use_karras_sigmas: false } },
  euler_karras: { class: 'EulerDiscreteScheduler', flags: { use_karras_sigmas: true } },
  euler_a: { class: 'EulerAncestralDiscreteScheduler', flags: {} },
  dpmpp_2m: dpm('dpmsolver++', false),
  dpmpp_2m_karras: dpm('dpmsolver++', true),
  dpmpp_2m_sde: dpm('sde-dpmsolver++', false),
  dpmpp_2m_sde_karras: dpm('sde-dpmsolver++', true),
  ddim: { class: 'DDIMScheduler', flags: {} },
  unipc: { class: 'UniPCMultistepScheduler', flags: { use_karras_sigmas: false } },
  lcm: { class: 'LCMScheduler', flags: {} },
  tcd: { class: 'TCDScheduler', flags: {} },
  heun: { class: 'HeunDiscreteScheduler', flags: { use_karras_sigmas: false } },
}

function dpm(algorithm: string, karrasSigmas: boolean) {
  const flags = { algorithm_type: algorithm, use_karras_sigmas: karrasSigmas, solver_order: 2, solver_type: 'midpoint' }
  return { class: 'DPMSolverMultistepScheduler' as const, flags }
}

/** Published classes over the same training schedule: their config says how the model was trained, whatever sampler is used. */
const COMPATIBLE = new Set([
  ...Object.keys(SCHEMAS),
  'DDPMScheduler',
  'PNDMScheduler',
  'LMSDiscreteScheduler',
  'DEISMultistepScheduler',
  'DPMSolverSinglestepScheduler',
  'DPMSolverSDEScheduler',
  'KDPM2DiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
])

type Config = Readonly<Record<string, unknown>>
export type Resolved = { [C in SchedulerClass]: { class: C; settings: Settings<C> } }[SchedulerClass]

/**
 * The class and its settings: the model's own config, then the sampler's flags, then the override.
 * An override with a _class_name picks the class itself, and the sampler's flags do not apply.
 * @throws StudioError 'bad-request' naming the class, key or value that is not known
 */
export function resolveSettings(sampler: SamplerName, model: Config, override: Config): Resolved {
  const modelClass = model['_class_name']
  if (modelClass !== undefined && !COMPATIBLE.has(String(modelClass)))
    throw fault('modelSchedulerUnknown', named(JSON.stringify(modelClass)))
  const known = new Set(Object.values(SCHEMAS).flatMap(schema => Object.keys(schema.shape)))
  for (const key of Object.keys(override))
    if (!key.startsWith('_') && !known.has(key) && !FOREIGN_KEYS.has(key))
      throw fault('schedulerFieldUnknown', named(key))
  const picked = override['_class_name']
  if (picked !== undefined && !(typeof picked === 'string' && Object.hasOwn(SCHEMAS, picked)))
    throw fault('schedulerUnknown', named(JSON.stringify(picked)))
  const { class: name, flags } = SAMPLER_CLASSES[sampler]
  const merged = picked === undefined ? { ...model, ...flags, ...override } : { ...model, ...override }
  return parseSettings(picked === undefined ? name : (picked as SchedulerClass), merged)
}

/** Keys of a full diffusers config that have no meaning in any class here. */
const FOREIGN_KEYS = new Set([
  'skip_prk_steps',
  'sample_max_value',
  'dynamic_thresholding_ratio',
  'flow_shift',
  'time_shift_type',
  'shift_terminal',
])

function parseSettings(name: SchedulerClass, config: Config): Resolved {
  // None is how Python says "not set"; -Infinity is its "no limit", which JSON has no number for.
  const present = Object.entries(config).filter(([, value]) => value !== null && value !== -Infinity)
  const settings = parse<unknown>(SCHEMAS[name], Object.fromEntries(present), phrase('theScheduler', { name }))
  return { class: name, settings } as Resolved
}

/** With the classes that there are. */
const named = (name: string) => ({ name, classes: Object.keys(SCHEMAS).join(', ') })
