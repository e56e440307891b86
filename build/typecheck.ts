/** `npm run typecheck`: the types of everything, the renderer's with the DOM. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const results = ['.', 'renderer'].map(
  project => spawnSync('tsc', ['-p', project], { cwd: root, stdio: 'inherit' }).status,
)
process.exit(results.every(status => status === 0) ? 0 : 1)
