import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { FEW_STEPS_NAMES, fewSteps } from '../../contract/few-steps.ts'
import { paletteFrom } from '../../contract/palette.ts'
import { memoryWishes, type RequestInput } from '../../contract/request.ts'
import {
  DEFAULT_STYLE,
  MAPS,
  type MapName,
  METHODS,
  PROFILE_NAMES,
  PROVIDER_NAMES,
  SAMPLERS,
} from '../../contract/vocabulary.ts'
import { fault } from '../../faults/fault.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { parsePythonJson } from '../../files/python-json.ts'
import type { GeneratedPicture } from '../../generate/ai-image-generator.ts'
import { coloursOfPicture } from '../../generate/picture-palette.ts'
import { Studio } from '../../generate/studio.ts'
import { writeTrace } from '../../generate/trace.ts'
import { Library } from '../../library/library.ts'
import type { PictureRecord } from '../../library/record.ts'
import { replayDifferences } from '../../library/replay.ts'
import type { InferenceClient } from '../../processes/painting/client.ts'
import { StyleLibrary } from '../../prompt/user-styles.ts'
import { stopSignal } from '../../server/told-to-stop.ts'
import { checkFile, checkOut } from '../check-place.ts'
import { savePictures } from '../save-pictures.ts'
import { number, oneOf, pairs, parse, size, UsageError } from './arguments.ts'
import { COMPOSITION_OPTIONS, compositionOf } from './composition.ts'
import { keep } from './keep.ts'
import { followMachineSettings } from './machine-settings.ts'
import { progressBar } from './progress.ts'

const OPTIONS = {
  request: { type: 'string' },
  replay: { type: 'string' },
  'no-library': { type: 'boolean' },
  style: { type: 'string' },
  translation: { type: 'string' },
  model: { type: 'string' },
  controlnet: { type: 'string' },
  size: { type: 'string' },
  steps: { type: 'string' },
  guidance: { type: 'string' },
  sampler: { type: 'string' },
  'few-steps': { type: 'string' },
  seed: { type: 'string' },
  count: { type: 'string' },
  weights: { type: 'string' },
  methods: { type: 'string' },
  prompt: { type: 'string' },
  negative: { type: 'string' },
  font: { type: 'string' },
  fallback: { type: 'boolean' },
  palette: { type: 'string' },
  'hold-colours': { type: 'boolean' },
  profile: { type: 'string' },
  provider: { type: 'string' },
  force: { type: 'boolean' },
  ...COMPOSITION_OPTIONS,
  out: { type: 'string' },
  trace: { type: 'string' },
  json: { type: 'boolean' },
} as const

/**
 * zihua generate WORD … --out FILE|DIR, or --request FILE --out DIR, or --replay PICTURE --out FILE|DIR
 * @param painter a process that was started for the picture
 */
export async function run(args: string[], painter?: InferenceClient): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 0, max: 1 })
  if (!values.out) throw new UsageError('say where the picture goes with --out.')
  // A composition may say its words itself.
  const word = positionals[0] ?? values.composition
  const sources = [values.request, values.replay, word].filter(source => source !== undefined)
  if (sources.length !== 1)
    throw new UsageError('give one of a word, a request with --request, a picture with --replay.')
  refuseBeside(values)
  if (values.trace !== undefined && !/\.safetensors$/i.test(values.trace))
    throw new UsageError(`--trace takes a .safetensors file, not "${values.trace}".`)
  await checkOut(values.out)
  if (values.trace !== undefined) await checkFile(values.trace)

  const profile = oneOf('profile', values.profile, PROFILE_NAMES)
  const provider = oneOf('provider', values.provider, PROVIDER_NAMES)
  const signal = stopSignal()
  await using studio = new Studio(painter && { painter })
  await followMachineSettings(studio, { provider, profile })
  const library = values['no-library'] ? null : await Library.open(studio.dataFolder)
  const bar = progressBar()
  try {
    const { input, base, record } = await inputOf(values, positionals, library, signal)
    const pictures = await studio.generator.generateFrom(input, {
      ...{ base, signal, trace: values.trace !== undefined },
      ...memoryWishes({ profile, ...(values.force && { force: true }) }),
      onProgress: progress => {
        if (progress.kind === 'step' && progress.step === 1) library?.expect()
        bar.show(progress)
      },
    })
    if (values.translation) await studio.glossary.remember(positionals[0] ?? '', values.translation)
    const files = await savePictures(
      pictures,
      values.out,
      library ? picture => keep(library, picture, base) : undefined,
    )
    if (values.trace) await writeTrace(values.trace, pictures)
    bar.end()
    for (const difference of record ? replayDifferences(record, pictures[0]) : []) console.error(`zihua: ${difference}`)
    for (const { message } of pictures[0]?.notices ?? []) console.error(`zihua: ${message}.`)
    if (values.json) printJson(pictures, files)
    else printFiles(pictures, files)
  } finally {
    bar.end()
    library?.close()
  }
}

/** What goes with --request and --replay: where pictures go and how they are computed. All else is said by the request. */
const BESIDE_REQUEST: readonly (keyof Values)[] = [
  ...(['request', 'replay', 'out', 'trace', 'json', 'no-library', 'profile', 'provider', 'force'] as const),
]

function refuseBeside(values: Values): void {
  const source = values.request !== undefined ? '--request' : '--replay'
  if (values.request === undefined && values.replay === undefined) return
  const others = (Object.keys(values) as (keyof Values)[]).filter(name => !BESIDE_REQUEST.includes(name))
  if (others.length === 0) return
  const names = others.map(name => `--${name}`).join(', ')
  throw new UsageError(`${names} cannot be said beside ${source}: the picture is painted as it says.`)
}

interface Input {
  input: unknown
  base: string
  /** Of the picture that is made again. */
  record: PictureRecord | null
}

async function inputOf(
  values: Values,
  positionals: string[],
  library: Library | null,
  signal: AbortSignal,
): Promise<Input> {
  if (values.request !== undefined) {
    return { input: await readRequest(values.request), base: dirname(resolve(values.request)), record: null }
  }
  if (values.replay === undefined)
    return { input: await fromOptions(positionals[0], values), base: process.cwd(), record: null }
  if (!library) throw new UsageError('--replay looks files up in the library; leave out --no-library.')
  const { request, base, record, missing } = await library.replay(values.replay, signal)
  for (const { kind, name, reason } of missing) {
    const why = reason === 'absent' ? 'is missing' : 'has changed since'
    console.error(`zihua: the ${kind} ${name} ${why}, so the picture may differ.`)
  }
  return { input: request, base, record }
}

function printJson(pictures: readonly GeneratedPicture[], files: readonly string[]): void {
  const { tokens, timings, peakMemory, prompt, negativePrompt, draft, engine, memory } = pictures[0]
  const notices = pictures[0].notices.map(({ message }) => message)
  const made = pictures.map(({ request: { seed, width, height } }, i) => ({ file: files[i], seed, width, height }))
  const about = { prompt, negativePrompt, tokens, timings, peakMemory, draft, engine, memory, notices }
  console.log(JSON.stringify({ pictures: made, ...about }))
}

function printFiles([{ tokens, draft }]: readonly GeneratedPicture[], files: readonly string[]): void {
  for (const file of files) console.log(file)
  if (tokens.dropped) console.error(`zihua: ${tokens.dropped} tokens of the prompt were dropped.`)
  if (draft) console.error('zihua: made by the Draft model; name SDXL with --model for the full picture.')
}

async function readRequest(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw fault('requestUnreadable', { file })
  })
  try {
    return parsePythonJson(text)
  } catch (error) {
    throw fault('requestNotJson', { file, reason: (error as Error).message.replace(/\s+/g, ' ') })
  }
}

type Values = { [K in keyof typeof OPTIONS]?: (typeof OPTIONS)[K]['type'] extends 'boolean' ? boolean : string }

async function fromOptions(word: string | undefined, values: Values): Promise<RequestInput> {
  if (values.sampler !== undefined && !(SAMPLERS as readonly string[]).includes(values.sampler)) {
    throw fault('samplerUnknown', { sampler: values.sampler, known: SAMPLERS.join(', ') })
  }
  const fields = {
    ...fewStepsFields(values['few-steps']),
    ...{
      word,
      style: values.style,
      translation: values.translation,
      model: values.model,
      controlnet: values.controlnet,
    },
    ...{ prompt: values.prompt, negativePrompt: values.negative, ...size(values.size) },
    ...said({
      steps: number('steps', values.steps),
      guidanceScale: number('guidance', values.guidance),
      sampler: values.sampler as RequestInput['sampler'],
    }),
    seed: number('seed', values.seed),
    count: number('count', values.count),
    controls: controls(values),
    composition: await compositionOf(values, {
      ...{ word, translation: values.translation, font: values.font, size: size(values.size) },
      seed: number('seed', values.seed),
    }),
    palette: await paletteOf(values),
    layout: values.font === undefined ? undefined : { font: values.font, ...(values.fallback && { fallback: true }) },
  }
  return said(fields) as RequestInput
}

/** The ground first: "#f4ead6,#c0392b"; of a picture, or of a style. */
async function paletteOf(values: Values): Promise<RequestInput['palette']> {
  const { palette, style = DEFAULT_STYLE, 'hold-colours': hold = false } = values
  if (palette === undefined) {
    if (hold) throw new UsageError('--hold-colours needs --palette.')
    return undefined
  }
  if (palette === '') throw new UsageError('--palette takes colours such as #f4ead6,#c0392b, a picture, or style.')
  const colours = palette.startsWith('#') ? palette.split(',').map(colour => colour.trim().toLowerCase()) : null
  if (colours) return paletteFrom(colours, hold)
  if (palette === 'style') return paletteFrom((await new StyleLibrary(dataFolder()).get(style)).palette, hold)
  return paletteFrom(await coloursOfPicture(palette), hold)
}

/** What was not said is left out, so that the defaults of model and style apply. */
const said = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** "lightning", or "lightning:8" for a number of steps; options of their own go before it. */
function fewStepsFields(given: string | undefined): RequestInput {
  if (given === undefined) return {}
  const [id, steps, ...more] = given.split(':')
  if (more.length > 0) throw new UsageError(`--few-steps takes PRESET or PRESET:STEPS, not "${given}".`)
  const name = FEW_STEPS_NAMES.find(known => known === id)
  if (!name) throw fault('fewStepsUnknown', { name: id, known: FEW_STEPS_NAMES.join(', ') })
  return fewSteps(name, steps === undefined ? null : number('few-steps', steps))
}

function controls(values: Values): RequestInput['controls'] {
  const chosen: Partial<Record<MapName, { weight?: number; method?: string }>> = {}
  for (const [map, weight] of pairs('weights', values.weights))
    chosen[mapName(map)] = { ...chosen[mapName(map)], weight: number('weights', weight)! }
  for (const [map, method] of pairs('methods', values.methods)) {
    const name = mapName(map)
    if (!(METHODS[name] as readonly string[]).includes(method)) {
      throw fault('mapMethodUnknown', { map: name, method, known: METHODS[name].join(', ') })
    }
    chosen[name] = { ...chosen[name], method }
  }
  return Object.keys(chosen).length ? (chosen as RequestInput['controls']) : undefined
}

function mapName(text: string): MapName {
  if ((MAPS as readonly string[]).includes(text)) return text as MapName
  throw fault('mapUnknown', { map: text, known: MAPS.join(', ') })
}
