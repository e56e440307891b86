/// <reference path="./pino-roll.d.ts" />
/** Logs: for people on a terminal, as JSON lines in the data folder's logs/, the oldest files deleted. */
import { join } from 'node:path'
import { type Logger, multistream, pino, type StreamEntry } from 'pino'
import pretty from 'pino-pretty'
import roll from 'pino-roll'
import type { SonicBoom } from 'sonic-boom'
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
  settings?: LoggingInput | null
  /** A new file when one is so large: "5m". */
  fileSize?: string
}

export class StudioLog {
  readonly settings: LoggingSettings
  readonly root: Logger
  /** What happens to models: loading, memory. */
  readonly aiModels: Logger
  /** What happens to pictures: begun, done, failed, how long it took. */
  readonly generation: Logger
  readonly #file: SonicBoom | null

  private constructor(root: Logger, settings: LoggingSettings, file: SonicBoom | null) {
    this.root = root
    this.settings = settings
    this.aiModels = root.child({ name: 'ai_models' }, { level: settings.ai_models.level })
    this.generation = root.child({ name: 'generation' }, { level: settings.generation.level })
    this.#file = file
  }

  /** @throws the system's error where the logs' folder cannot be made */
  static async open({
    dataFolder,
    terminal = false,
    settings: input,
    fileSize = FILE_SIZE,
  }: LogOptions): Promise<StudioLog> {
    const settings = completeLogging(input)
    const streams: StreamEntry[] = []
    let isOpen = true
    if (terminal)
      streams.push({ level: 'trace', stream: pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }) })
    const file = dataFolder === null ? null : await openFile(join(dataFolder, LOGS_FOLDER, 'zihua'), fileSize)
    // A client may go away after the log is closed: that line is lost, and nothing else.
    if (file) streams.push({ level: 'trace', stream: { write: line => void (isOpen && file.write(line)) } })
    const options = { level: settings.level, base: { pid: process.pid }, redact: { paths: SECRETS, censor: '…' } }
    const root = streams.length ? pino(options, multistream(streams)) : pino({ ...options, level: 'silent' })
    file?.once('close', () => {
      isOpen = false
    })
    return new StudioLog(root, settings, file)
  }

  /** Writes nothing anywhere: for tests, and for commands whose output is their answer. */
  static readonly silent = new StudioLog(pino({ level: 'silent' }), completeLogging({}, {}), null)

  /** A subsystem's own logger: "http", "queue". */
  subsystem(name: string): Logger {
    return this.root.child({ name })
  }

  /** Writes what is not yet on disk. */
  async flush(): Promise<void> {
    const file = this.#file
    if (file) await new Promise<void>((done, failed) => file.flush(error => (error ? failed(error) : done())))
  }

  /** Resolves when all lines are on disk. */
  async close(): Promise<void> {
    const file = this.#file
    if (!file) return
    const closed = new Promise<void>(done => file.once('close', done))
    file.end()
    await closed
  }
}

function openFile(file: string, size: string): Promise<SonicBoom> {
  return roll({
    file,
    extension: '.log',
    size,
    mkdir: true,
    limit: { count: OLD_FILES, removeOtherLogFiles: true },
  })
}
