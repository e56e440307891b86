/** Errors in the names that another program's client knows: it has never heard of our fields. */
import { FAULTS, type FaultKey, fault } from '../../faults/fault.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'

/** The client's names by ours; "controlImages" also stands for "controlImages.0.image". */
type Names = Readonly<Record<string, string>>

/** In OpenAI's images API; what is ours there keeps its name. */
export const OPENAI_NAMES: Names = { count: 'n', initImage: 'image', loras: 'prompt', embeddings: 'prompt' }

/** Fields that its "size" says in one; sentences still name them apart. */
const IN_SIZE = ['width', 'height', 'width × height']
export const openAiParam = (field: string | undefined): string | null =>
  field === undefined ? null : IN_SIZE.includes(field) ? 'size' : field

/** In the API of AUTOMATIC1111. */
export const A1111_NAMES: Names = {
  count: 'batch_size × n_iter',
  initImage: 'init_images',
  strength: 'denoising_strength',
  guidanceScale: 'cfg_scale',
  negativePrompt: 'negative_prompt',
  sampler: 'sampler_name',
  style: 'styles',
  model: 'override_settings.sd_model_checkpoint',
  controlImages: 'alwayson_scripts.controlnet.args',
  loras: 'prompt',
  embeddings: 'prompt',
}

/** The same error, its sentence made anew where it names a field of ours. */
export function inNamesOf(names: Names, report: ErrorReport): ErrorReport {
  const { key = '', values = {} } = report
  if (!Object.hasOwn(FAULTS, key)) return report
  const renamed = { ...values }
  const of = (field: string): string | undefined => {
    const head = field.split('.')[0]
    return Object.hasOwn(names, head) ? names[head] : undefined
  }
  if (typeof values['field'] === 'string') renamed['field'] = of(values['field']) ?? values['field']
  // Pictures are named by their fields, in quotation marks or not.
  const told = typeof values['name'] === 'string' ? /^"?([\w.]+)"?$/.exec(values['name'])?.[1] : undefined
  const name = told === undefined ? undefined : of(told)
  if (name !== undefined) renamed['name'] = `"${name}"`
  const same = renamed['field'] === values['field'] && name === undefined
  return same ? report : fault(key as FaultKey, renamed as never).report()
}
