import type { Progress } from '../../contract/progress.ts'

const STAGES = {
  maps: 'drawing maps',
  load: 'loading',
  encode: 'reading the prompt',
  control: 'reading the maps',
  decode: 'developing',
  save: 'saving',
}
const WIDTH = 24

/** A bar on stderr where it is a terminal; nothing elsewhere. */
export function progressBar(stream: NodeJS.WriteStream = process.stderr): {
  show: (progress: Progress) => void
  end: () => void
} {
  if (!stream.isTTY) return { show: () => {}, end: () => {} }
  const line = (text: string) => stream.write(`\r\x1b[2K${text}`)
  let began = 0
  return {
    show(progress) {
      if (progress.kind === 'stage') {
        line(`${STAGES[progress.stage]} …`)
        return
      }
      const { step, steps, image, images } = progress
      if (step === 1) began = performance.now()
      const done = Math.round((step / steps) * WIDTH)
      // The first step has nothing to measure against; from the second on the rest is a matter of proportion.
      const left =
        step > 1 ? ` ${Math.ceil((((performance.now() - began) / (step - 1)) * (steps - step)) / 1000)} s left` : ''
      const which = images > 1 ? `picture ${image + 1} of ${images}, ` : ''
      line(`${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${which}step ${step} of ${steps}${left}`)
    },
    end: () => line(''),
  }
}
