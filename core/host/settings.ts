/** The user's settings, in settings.json of the data folder. */
import { dirname, join } from 'node:path'
import { phrase } from '../faults/fault.ts'
import { parse } from '../faults/parse.ts'
import { readJson, writeDurably } from '../files/durable.ts'
import { putAsideQuietly } from '../files/put-aside.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { settingsSchema } from './api/settings.ts'
import { DEFAULT_SETTINGS, type Settings } from './default-settings.ts'

export class SettingsFile {
  readonly #file: string
  #settings: Settings
  /** The file was damaged and is kept under this name. */
  readonly damaged: string | null
  /** Writes are serialised; each writes the newest state. */
  readonly #writing = new SerialQueue()

  private constructor(file: string, settings: Settings, damaged: string | null) {
    this.#file = file
    this.#settings = settings
    this.damaged = damaged
  }

  /** Invalid fields (an older or newer version's) become the defaults; a damaged file is put aside. */
  static async open(dataFolder: string): Promise<SettingsFile> {
    const file = join(dataFolder, 'settings.json')
    let damaged: string | null = null
    const found = await readJson(file).catch((error: unknown) => {
      // A file that may not be read now is not damaged.
      if (error instanceof SyntaxError) damaged = putAsideQuietly(file)
      return null
    })
    return new SettingsFile(file, readSettings(found), damaged)
  }

  get(): Settings {
    return { ...this.#settings }
  }

  /** Resolves when it is on disk. @throws StudioError 'bad-request', 'cannot-write' */
  async set(change: { [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings> {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const whole = parse(settingsSchema, { ...this.#settings, ...given }, phrase('theSettings'))
    const own = Object.fromEntries(Object.keys(given).map(name => [name, whole[name as keyof Settings]]))
    this.#settings = whole
    await this.#writing.run(async () => {
      // Another host on the same folder may have changed other fields meanwhile: only the given ones are this host's.
      const there = await readJson(this.#file).catch(() => null)
      if (there !== null) this.#settings = { ...this.#settings, ...readSettings(there), ...own }
      await writeDurably(this.#file, `${JSON.stringify(this.#settings, null, 2)}\n`, dirname(this.#file), 0o600)
    })
    return this.get()
  }
}

function readSettings(found: unknown): Settings {
  if (typeof found !== 'object' || found === null) return { ...DEFAULT_SETTINGS }
  const known = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const value = schema.safeParse((found as Record<string, unknown>)[name])
    return value.success ? [[name, value.data]] : []
  })
  // Older versions did not say who had chosen it: it stays as it is.
  const languageChosen = 'language' in found
  return { ...DEFAULT_SETTINGS, languageChosen, ...Object.fromEntries(known) }
}
