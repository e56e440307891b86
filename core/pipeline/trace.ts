import type { PipelineJob, TraceTensor } from './job.ts'

/** Collects what one picture goes through, where the job asks for it. */
export class PictureTrace {
  /** latents_initial, latents_after_step.0 …, image; null where the job does not ask. */
  readonly tensors: Record<string, TraceTensor> | null
  readonly #job: PipelineJob
  readonly #size: { height: number; width: number }

  /** size in latents. */
  constructor(job: PipelineJob, size: { height: number; width: number }) {
    this.tensors = job.trace ? {} : null
    this.#job = job
    this.#size = size
  }

  /** (1, 4, h, w) */
  latents(name: string, data: Float32Array): void {
    const { height, width } = this.#size
    if (this.tensors) this.tensors[`latents_${name}`] = { shape: [1, 4, height, width], data }
  }

  /** (1, H, W, 3) in 0..1, before it is rounded to bytes. */
  image(data: Float32Array): void {
    if (this.tensors) this.tensors['image'] = { shape: [1, this.#job.height, this.#job.width, 3], data }
  }
}
