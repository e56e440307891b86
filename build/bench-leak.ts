/**
 * npm run bench:leak [-- --loads 2000] [--runs 10]: sessions loaded, run and released through the C API; what stays behind.
 * Exit code 1 where a native object stays, or more memory than 5 kB a load.
 */
import { parseArgs } from 'node:util'
import { libraryPath, openApi } from '../core/engine/ort/api.ts'
import { OrtRuntime } from '../core/engine/ort/ort-session.ts'
import { measureLeak } from '../core/engine/ort/testing-shifts.ts'

const { values } = parseArgs({
  options: { loads: { type: 'string', default: '2000' }, runs: { type: 'string', default: '10' } },
})
const [loads, runs] = [Number(values.loads), Number(values.runs)]
const path = libraryPath()
if (path === null) {
  console.error('onnxruntime-node has no library for this system.')
  process.exit(2)
}
const start = performance.now()
const { bytes, objects } = await measureLeak(new OrtRuntime(openApi(path)), loads, runs)
const seconds = ((performance.now() - start) / 1000).toFixed(1)
console.log(
  `${loads} loads, ${loads * runs} runs in ${seconds} s: ${(bytes / 1e6).toFixed(1)} MB and ${objects} native objects stayed`,
)
process.exitCode = objects === 0 && bytes < loads * 5000 ? 0 : 1
