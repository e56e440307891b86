/** pino-roll brings no types. */
declare module 'pino-roll' {
  import type { SonicBoom } from 'sonic-boom'

  interface Options {
    /** Path without number and ending. */
    file: string
    extension?: string
    /** "5m": a new file when it is so large. */
    size?: string
    mkdir?: boolean
    limit?: { count: number; removeOtherLogFiles?: boolean }
  }
  export default function roll(options: Options): Promise<SonicBoom>
}
