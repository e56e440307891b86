import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { Studio } from '../../generate/studio.ts'
import { InferencePool } from '../../processes/painting/pool.ts'
import { parse } from './arguments.ts'

/** zihua doctor: what this machine offers, and whether each provider computes what it should. */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, { json: { type: 'boolean' } }, { min: 0, max: 0 })
  // A provider that is not there is told below, in one line.
  await using studio = new Studio({ inference: new InferencePool({ log: 'ignore' }) })
  const report = {
    node: process.version,
    onnxruntime: onnxruntime.version,
    platform: `${process.platform} ${process.arch}`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads`,
    memoryGiB: { total: round(totalmem() / 2 ** 30), free: round(freemem() / 2 ** 30) },
    dataFolder: studio.dataFolder,
    models: await studio.registry.list(),
    providers: await studio.inference.selfTest(),
  }
  if (values.json) {
    console.log(JSON.stringify(report))
    return
  }
  console.log(`Node          ${report.node}, ONNX Runtime ${report.onnxruntime}, ${report.platform}`)
  console.log(`Processor     ${report.processor}`)
  console.log(`Memory        ${report.memoryGiB.total} GiB, ${report.memoryGiB.free} GiB free`)
  console.log(`Data folder   ${report.dataFolder}`)
  for (const { id, path, present } of report.models)
    console.log(`Model         ${id}: ${present ? path : `missing at ${path}`}`)
  for (const { provider, result, difference, backend, backendReason } of report.providers) {
    const off = difference === null ? '' : ` (${difference.toExponential(1)} from the plain arithmetic)`
    const why = backend === 'npm' && provider === 'cpu' ? ` (${backendReason})` : ''
    console.log(`Provider      ${provider}: ${result}${off}, through ${BACKENDS[backend] ?? backend}${why}`)
  }
}

const BACKENDS: Record<string, string> = { 'c-api': "ONNX Runtime's C API", npm: 'the npm binding' }

const round = (value: number) => Math.round(value * 10) / 10
