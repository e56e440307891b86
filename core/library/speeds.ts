/** How long the library's pictures took, as a part of its index; what the pictures of sets took is told nowhere else. */
import type { DatabaseSync } from 'node:sqlite'
import type { Request } from '../contract/request.ts'
import { troubleOf } from '../faults/sqlite.ts'
import type { TimedPicture } from './expected-time.ts'
import type { PictureRecord } from './record.ts'

/** A model's speed is estimated from so many of its newest pictures. */
const TIMED = 15

export class Speeds {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** A model's last pictures, with what their stages took. */
  timed(model: string): (TimedPicture & { at: string })[] {
    return this.#database
      .prepare(
        'SELECT created, request, record FROM pictures WHERE model = ? AND record IS NOT NULL ORDER BY created DESC LIMIT ?',
      )
      .all(model, TIMED)
      .flatMap(({ created, request, record }) => {
        const timings = timingsOf(String(record))
        return timings ? [{ at: String(created), request: JSON.parse(String(request)) as Request, timings }] : []
      })
  }

  /** Milliseconds a megapixel step with a model, the median of its last pictures, those of sets included; null: there is none. */
  rate(model: string): number | null {
    const made = this.timed(model)
      // What is painted larger has steps of another kind: expected-time.ts.
      .filter(({ request }) => !request.upscale)
      .map(({ at, request: { width, height, steps }, timings: { maps: _, ...painting } }) => {
        const milliseconds = Object.values(painting).reduce((sum, ms) => sum + ms, 0)
        return { at, rate: milliseconds / ((width * height * steps) / 1e6) }
      })
    const inSets = this.#newest(model).map(({ at, rate }) => ({ at: String(at), rate: Number(rate) }))
    const rates = [...made, ...inSets]
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, TIMED)
      .map(({ rate }) => rate)
    return rates.length ? rates.sort((a, b) => a - b)[rates.length >> 1] : null
  }

  /**
   * A picture outside the library took so many milliseconds a megapixel step. Only the newest are kept; where the database
   * is busy or full, this one is not.
   */
  note(model: string, rate: number): void {
    try {
      this.#keep(model, rate)
    } catch (error) {
      if (troubleOf(error) === null) throw error
    }
  }

  #keep(model: string, rate: number): void {
    this.#database
      .prepare('INSERT INTO speeds (model, at, rate) VALUES (?, ?, ?)')
      .run(model, new Date().toISOString(), rate)
    const oldest = this.#newest(model)[TIMED - 1]
    if (oldest) this.#database.prepare('DELETE FROM speeds WHERE model = ? AND at < ?').run(model, oldest['at'])
  }

  #newest(model: string) {
    return this.#database
      .prepare('SELECT at, rate FROM speeds WHERE model = ? ORDER BY at DESC LIMIT ?')
      .all(model, TIMED)
  }
}

/** null for a record that cannot be read. */
function timingsOf(record: string): PictureRecord['timings'] | null {
  try {
    return (JSON.parse(record) as PictureRecord).timings ?? null
  } catch {
    return null
  }
}
