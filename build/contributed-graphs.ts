/**
 * Writes the graphs whose results fixtures/contributed-ops/make.py computes: NAME.onnx, as they are built for CUDA.
 *
 *   node build/contributed-graphs.ts FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildContributed, CONTRIBUTED, CONTRIBUTED_CASES } from '../core/graph/testing-contributed.ts'

const folder = process.argv[2]
if (!folder) {
  console.error('Give a folder to write the graphs into.')
  process.exit(2)
}
mkdirSync(folder, { recursive: true })
for (const name of Object.keys(CONTRIBUTED_CASES)) {
  writeFileSync(join(folder, `${name}.onnx`), buildContributed(name, CONTRIBUTED).onnx)
}
