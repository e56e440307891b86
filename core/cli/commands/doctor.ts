import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { PROFILE_NAMES, PROVIDER_NAMES } from '../../contract/vocabulary.ts'
import { phrase } from '../../faults/fault.ts'
import { diskOf } from '../../files/disk.ts'
import { measureSteps } from '../../generate/measure-steps.ts'
import { Studio } from '../../generate/studio.ts'
import type { Settings } from '../../host/default-settings.ts'
import { SettingsFile } from '../../host/settings.ts'
import { findCudaRuntime } from '../../machine/cuda-runtime.ts'
import type { ProviderState } from '../../machine/machine.ts'
import {
  engineLine,
  estimateLines,
  gb,
  graphicsLines,
  memoryLine,
  profileLine,
  providerLine,
  runtimeLine,
} from '../machine-report.ts'
import { oneOf, parse, size } from './arguments.ts'

const OPTIONS = {
  model: { type: 'string' },
  controlnet: { type: 'string' },
  size: { type: 'string' },
  profile: { type: 'string' },
  provider: { type: 'string' },
  measure: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/**
 * zihua doctor [--model M] [--controlnet C] [--size WxH] [--profile P] [--provider P] [--measure]: what this machine offers,
 * whether each provider computes what it should, and what a picture would take of memory; with --measure how long a step takes
 * with each, of that model or of the settings'.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, OPTIONS, { min: 0, max: 0 })
  const profile = oneOf('profile', values.profile, PROFILE_NAMES)
  await using studio = new Studio()
  const { machine } = studio
  const settings = (await SettingsFile.open(studio.dataFolder)).get()
  const provider = oneOf('provider', values.provider, PROVIDER_NAMES) ?? settings.provider
  machine.wishes = { provider, profile: settings.profile }
  // The estimate is of the machine as it is, so it comes before the tests.
  const status = await machine.status()
  const estimate = await estimateOf(studio, values, profile)
  const tried = await machine.tryAll()
  const { measured, providers } = values.measure
    ? await measure(studio, values, settings)
    : { measured: null, providers: tried }
  const choice = await machine.choose(profile)
  const disk = await diskOf(studio.dataFolder)
  const cudaRuntime = await findCudaRuntime(studio.dataFolder)
  const chosen = providers.find(each => each.chosen)?.report
  const report = {
    node: process.version,
    onnxruntime: onnxruntime.version,
    backend: chosen?.backend ?? null,
    backendReason: chosen?.backendReason ?? null,
    platform: `${process.platform} ${process.arch}`,
    processor: `${status.processor.name}, ${status.processor.threads} threads`,
    memory: status.memory,
    disk,
    gpus: status.gpus,
    problems: [...status.problems, ...choice.notices],
    cudaRuntime,
    dataFolder: studio.dataFolder,
    models: await studio.registry.list(),
    providers: providers.toSorted((a, b) => Number(b.provider === 'cpu') - Number(a.provider === 'cpu')).map(resultOf),
    provider: choice.provider,
    profile: choice.ladder[0].profile,
    estimate,
    ...(measured && { measured }),
  }
  if (values.json) {
    console.log(JSON.stringify(report))
    return
  }
  const line = (name: string, text: string) => console.log(`${name.padEnd(13)} ${text}`)
  line('Node', `${report.node}, ${report.platform}`)
  line('Engine', engineLine(report.onnxruntime, report.backend, report.backendReason))
  line('Processor', report.processor)
  line('Memory', memoryLine(status))
  for (const text of graphicsLines(status)) line('Graphics', text)
  if (cudaRuntime) line('Runtime', runtimeLine(cudaRuntime))
  for (const state of providers) line('Provider', providerLine(state))
  for (const { provider, problem } of measured ?? [])
    if (problem) line('', `${provider} could not be measured: ${problem.message}`)
  for (const { message } of choice.notices) line('', message)
  line('Profile', profileLine(report.profile, choice.fixed))
  line('Data folder', `${report.dataFolder}${report.disk ? `, ${gb(report.disk.free)} of the disk free` : ''}`)
  for (const { id, path, present } of report.models) line('Model', `${id}: ${present ? path : `missing at ${path}`}`)
  if (estimate?.of) {
    const { width, height, model } = estimate.picture
    line('Estimate', `${model}, ${width}×${height}, ${estimate.picture.controls} maps`)
    for (const text of estimateLines(estimate.of)) line('', text)
  } else if (estimate) line('Estimate', phrase('estimateLater').message)
}

/** As scripts have read it since the first version, the processor first: "passed", or one sentence of what is wrong. */
const resultOf = ({ provider, report, says, ...state }: ProviderState) => ({
  provider,
  result: report?.verdict === 'passed' ? 'passed' : says.message,
  difference: report?.difference ?? null,
  milliseconds: report?.milliseconds ?? null,
  verdict: report?.verdict ?? null,
  ops: report?.ops ?? {},
  ...state,
})

interface EstimateWishes {
  model?: string | undefined
  controlnet?: string | undefined
  size?: string | undefined
}

/** null where none was asked for; `of` is null where it cannot be told yet. */
async function estimateOf(studio: Studio, wishes: EstimateWishes, profile: (typeof PROFILE_NAMES)[number] | undefined) {
  const { model, controlnet } = wishes
  if (model === undefined && wishes.size === undefined && controlnet === undefined) return null
  const base = process.cwd()
  const given = { ...(model !== undefined && { model }), ...(controlnet !== undefined && { controlnet }) }
  const request = await studio.generator.complete({ word: '学', ...given, ...size(wishes.size) }, base)
  const { files, shape } = await studio.generator.sizing(request, base)
  // Without a control network there are no maps.
  const picture = files.controlnet === null ? { ...shape, controls: 0, windowed: false } : shape
  const of = await studio.machine.estimate({ files, shape: picture }, { ...(profile && { profile }) })
  return { picture: { model: request.model, ...picture }, of }
}

/** A step with each provider, of the model that was named or of the settings'. */
async function measure(studio: Studio, wishes: EstimateWishes, settings: Pick<Settings, 'model' | 'controlnet'>) {
  const base = process.cwd()
  const own = wishes.model === undefined
  const model = wishes.model ?? settings.model
  const controlnet = wishes.controlnet ?? (own ? settings.controlnet : null)
  const input = { word: '学', model, ...(controlnet && { controlnet }), ...size(wishes.size) }
  const measured = await measureSteps(studio, input, {
    base,
    onProvider: provider => console.error(`zihua: measuring a step with ${provider} …`),
  })
  const path = await studio.registry.resolve(model, base)
  return { measured, providers: await studio.machine.providers(path) }
}
