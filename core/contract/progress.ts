/** What a running job reports: its stage, and at each step a preview of the picture. */
export type Progress =
  | { kind: 'stage'; stage: 'maps' | 'load' | 'encode' | 'control' | 'decode' | 'save' }
  | {
      kind: 'step'
      image: number
      images: number
      step: number
      steps: number
      /** A small RGB picture of the predicted clean latent (height, width, 3), latent resolution. */
      preview: { width: number; height: number; data: Uint8Array } | null
    }
