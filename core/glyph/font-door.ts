/**
 * The one door for every font. The bundled fonts are read where they are asked for; whatever else a font's name or path
 * leads to is a stranger's file, and is parsed and shaped in a thread that may be ended at any moment. HarfBuzz itself
 * limits how deep glyphs and subroutines nest, how many points a glyph has and how far a lookup may grow; font-container.ts
 * limits what a file unpacks to.
 */
import { basename } from 'node:path'
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { StudioError } from '../faults/studio-error.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { FONT_TASKS, type FontCalls, type FontTaskName } from './font-tasks.ts'
import { bundledFont, type FontChoice, locate, uncovered } from './fonts.ts'
import { standInFiles } from './stand-ins.ts'
import { type FontFile, systemFonts } from './system-fonts.ts'

/** The largest fonts in use draw a word in a second, on a machine that paints in a few; what takes longer is no font. */
const DEADLINE_MS = 10_000
/** JavaScript's own memory in the thread, MiB; a font's bytes lie outside of it. */
const HEAP_MB = 256

type Request<Name extends FontTaskName> = FontCalls[Name]['request']
type Reply<Name extends FontTaskName> = FontCalls[Name]['reply']

/** Does tasks one after another in one thread, which is replaced when it dies or takes too long. */
export class FontThread {
  readonly #deadlineMs: number
  readonly #queue = new SerialQueue()
  #channel: Channel<FontCalls> | null = null

  constructor(deadlineMs = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs
  }

  /** @throws StudioError as the task does; bad-font where it takes too long or too much memory */
  run<Name extends FontTaskName>(name: Name, args: Request<Name>): Promise<Reply<Name>> {
    return this.#queue.run(async () => {
      if (!this.#channel || this.#channel.ended) this.#channel = start()
      const channel = this.#channel
      try {
        // How long the thread takes to start says nothing of the font.
        await channel.call('ready', null).reply
        return await channel.call(name, args, { deadlineMs: this.#deadlineMs }).reply
      } catch (error) {
        if (!channel.ended) throw error
        const font = basename(args[1].font ?? '')
        throw fault('fontTakesTooLong', { font }, { cause: error as StudioError })
      }
    })
  }
}

const start = () =>
  new Channel<FontCalls>(startThread(new URL('./font-worker.ts', import.meta.url), HEAP_MB), {
    died: () => fault('fontTakesTooLong', { font: '' }),
  })

const strangers = new FontThread()

async function throughDoor<Name extends FontTaskName>(name: Name, args: Request<Name>): Promise<Reply<Name>> {
  const [word, choice, ...rest] = args
  const { font, weight } = choice
  const bundled = font === null || bundledFont(font) !== undefined
  const wanting = bundled && isOpen(choice) && (await uncovered(word, choice)).length > 0
  if (bundled && !wanting) {
    const run = FONT_TASKS[name] as (...args: Request<Name>) => Promise<Reply<Name>>
    return run(...args)
  }
  const file = bundled ? null : await locate(font, weight)
  const standIns = isOpen(choice) ? standInFiles(await systemFonts(), weight) : []
  return strangers.run(name, [word, { ...choice, file, standIns }, ...rest] as Request<Name>)
}

/** Other fonts than the chosen one may draw what it lacks. */
const isOpen = ({ font, fallback }: FontChoice): boolean => font === null || fallback === true

/** As place-word.ts has it, with any font. */
export const placeWord = (...args: Request<'placeWord'>) => throughDoor('placeWord', args)

/**
 * Which font draws which character (grapheme cluster) of the word, known before anything is drawn.
 * @throws StudioError missing-glyph naming the characters and the fonts tried; bad-font
 */
export const facesFor = (word: string, choice: FontChoice) => throughDoor('facesFor', [word, choice])

/** The characters of a text that a font file lacks; reading them proves that it is a font. @throws StudioError bad-font */
export const missingIn = (file: FontFile, text: string) =>
  strangers.run('missingGlyphs', [text, { font: file.name, weight: 400, file }])

/** The characters of a word that a font (as in `layout.font`) lacks, each once, in order. @throws StudioError bad-font */
export const missingGlyphs = (word: string, font: string | null) =>
  throughDoor('missingGlyphs', [word, { font, weight: 400 }])
