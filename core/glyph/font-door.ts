/**
 * The one door for every font. The bundled fonts are read where they are asked for; whatever else a font's name or path
 * leads to is a stranger's file, and is parsed and shaped in a thread that may be ended at any moment.
 */
import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ErrorReport, StudioError } from '../contract.ts'
import { fault } from '../faults/fault.ts'
import { FONT_TASKS, type FontTaskName, type FontTasks } from './font-tasks.ts'
import { bundledFont, type FontChoice, locate } from './fonts.ts'

/** The largest fonts in use draw a word in a second; what takes longer is no font to work with. */
const DEADLINE_MS = 5000
/** JavaScript's own memory in the thread; a font's bytes lie outside of it. */
const HEAP_MB = 256

type Arguments<Name extends FontTaskName> = Parameters<FontTasks[Name]>
type Result<Name extends FontTaskName> = ReturnType<FontTasks[Name]>

export interface Question {
  task: FontTaskName
  args: readonly [word: string, choice: FontChoice, ...rest: unknown[]]
}
export type Answer = { result: unknown } | { error: ErrorReport }

interface Running {
  font: string
  resolve(result: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

/** Does tasks one after another in one thread, which is replaced when it fails or takes too long. */
export class FontThread {
  readonly #deadline: number
  #worker: Worker | null = null
  #running: Running | null = null
  #tail: Promise<unknown> = Promise.resolve()

  constructor(deadline = DEADLINE_MS) {
    this.#deadline = deadline
  }

  /** Errors as the task's; bad-font where it takes too long or too much memory. */
  run<Name extends FontTaskName>(task: Name, args: Arguments<Name>): Promise<Awaited<Result<Name>>> {
    const answer = this.#tail.then(() => this.#ask({ task, args: args as unknown as Question['args'] }))
    this.#tail = answer.catch(() => {})
    return answer as Promise<Awaited<Result<Name>>>
  }

  #ask(question: Question): Promise<unknown> {
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    return new Promise((resolve, reject) => {
      const font = basename(question.args[1].font ?? '')
      const timer = setTimeout(() => this.#lost(worker), this.#deadline)
      this.#running = { font, resolve, reject, timer }
      worker.postMessage(question)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./font-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    worker.on('message', (answer: Answer) => {
      if (worker !== this.#worker) return
      // Idle, it must not keep the program from ending.
      worker.unref()
      const running = this.#done()
      if ('result' in answer) running?.resolve(answer.result)
      else running?.reject(StudioError.from(answer.error))
    })
    worker.on('error', cause => this.#lost(worker, cause))
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #done(): Running | null {
    const running = this.#running
    this.#running = null
    clearTimeout(running?.timer)
    return running
  }

  #lost(worker: Worker, cause?: unknown): void {
    if (worker !== this.#worker) return
    this.#worker = null
    void worker.terminate()
    const running = this.#done()
    running?.reject(fault('fontTakesTooLong', { font: running.font }, { cause }))
  }
}

const strangers = new FontThread()

async function throughDoor<Name extends FontTaskName>(
  task: Name,
  args: Arguments<Name>,
): Promise<Awaited<Result<Name>>> {
  const [word, choice, ...rest] = args as unknown as Question['args']
  const { font, weight } = choice
  if (font === null || bundledFont(font)) {
    const run = FONT_TASKS[task] as (...args: Arguments<Name>) => Promise<Awaited<Result<Name>>>
    return run(...args)
  }
  const located = { ...choice, file: await locate(font, weight) }
  return strangers.run(task, [word, located, ...rest] as unknown as Arguments<Name>)
}

/** As place-word.ts has it, with any font. */
export const placeWord = (...args: Arguments<'placeWord'>) => throughDoor('placeWord', args)

/**
 * Which font draws which character (grapheme cluster) of the word, known before anything is drawn.
 * @throws StudioError missing-glyph naming the characters and the fonts tried; bad-font
 */
export const facesFor = (word: string, choice: FontChoice) => throughDoor('facesFor', [word, choice])

/** The characters of a word that a font (as in `layout.font`) lacks, each once, in order. @throws StudioError bad-font */
export const missingGlyphs = (word: string, font: string | null) =>
  throughDoor('missingGlyphs', [word, { font, weight: 400 }])
