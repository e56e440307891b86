/** What an operator decides of the Writing Service, and what it is held to. */

export interface ServiceLimits {
  /** Jobs that may wait. */
  queue: number
  /** Pictures of one request. */
  count: number
  /** Width times height of one picture. */
  pixels: number
  steps: number
  /** Bytes of a request's body; pictures travel in it as base64. */
  body: number
}
export const SERVICE_LIMITS: ServiceLimits = {
  queue: 64,
  count: 16,
  pixels: 2048 * 2048,
  steps: 150,
  body: 64 * 2 ** 20,
}

export interface ServiceOptions {
  limits?: Partial<ServiceLimits>
  /** A folder that requests may name files in, absolute: models, LoRA, fonts, pictures, latents. Default: none. */
  files?: string | null
}
