/** Logs: for people on a terminal, as JSON lines in the data folder's logs/, the oldest files deleted. */
import { join } from 'node:path'
import { type Logger, multistream, pino, type StreamEntry } from 'pino'
import pretty from 'pino-pretty'
import roll from 'pino-roll'
import { completeLogging, type LoggingInput, type LoggingSettings } from './settings.ts'

export type { Logger } from 'pino'

export const LOGS_FOLDER = 'logs'
/** A file of the log, and how many older ones are kept beside the newest. */
const FILE_SIZE = '5m'
const OLD_FILES = 4

/** Never written, whatever object is logged. */
const SECRETS = ['token', 'authorization', 'cookie', 'password', 'url'].flatMap(name => [name, `*.${name}`])

export interface LogOptions {
  /** JSON lines go into its logs/; null: to no file. */
  dataFolder: string | null
  /** Lines for people on standard error. Default false. */
  terminal?: boolean
  settings?: LoggingInput | undefined
}

export class StudioLog {
  readonly settings: LoggingSettings
  readonly root: Logger
  /** What happens to models: loading, memory. */
  readonly aiModels: Logger
  /** What happens to pictures: begun, done, failed, how long it took. */
  readonly generation: Logger
  readonly #close: () => Promise<void>

  private constructor(root: Logger, settings: LoggingSettings, close: () => Promise<void>) {
    this.root = root
    this.settings = settings
    this.aiModels = root.child({ name: 'ai_models' }, { level: settings.ai_models.level })
    this.generation = root.child({ name: 'generation' }, { level: settings.generation.level })
    this.#close = close
  }

  /** @throws the system's error where the logs' folder cannot be made */
  static async open({ dataFolder, terminal = false, settings: input }: LogOptions): Promise<StudioLog> {
    const settings = completeLogging(input)
    const streams: StreamEntry[] = []
    if (terminal)
      streams.push({ level: 'trace', stream: pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }) })
    const file = dataFolder === null ? null : await openFile(join(dataFolder, LOGS_FOLDER, 'zihua'))
    if (file) streams.push({ level: 'trace', stream: file })
    const options = { level: settings.level, base: { pid: process.pid }, redact: { paths: SECRETS, censor: '…' } }
    const root = streams.length ? pino(options, multistream(streams)) : pino({ ...options, level: 'silent' })
    const close = async () => {
      if (!file) return
      const closed = new Promise<void>(done => file.once('close', done))
      file.end()
      await closed
    }
    return new StudioLog(root, settings, close)
  }

  /** Writes nothing anywhere: for tests, and for commands whose output is their answer. */
  static readonly silent = new StudioLog(pino({ level: 'silent' }), completeLogging({}, {}), async () => {})

  /** A subsystem's own logger: "http", "queue". */
  subsystem(name: string): Logger {
    return this.root.child({ name })
  }

  /** Resolves when all lines are on disk. */
  close(): Promise<void> {
    return this.#close()
  }
}

function openFile(file: string): ReturnType<typeof roll> {
  return roll({
    file,
    extension: '.log',
    size: FILE_SIZE,
    mkdir: true,
    limit: { count: OLD_FILES, removeOtherLogFiles: true },
  })
}
