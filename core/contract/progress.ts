/** What a running job tells: its stage, and with each step how the picture looks by now. */
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
