// Plain JavaScript: it has to run on the Node that it complains about.
import { readFileSync } from 'node:fs'

const wanted = readFileSync(new URL('../.nvmrc', import.meta.url), 'utf8').trim()
const major = version => Number(version.replace(/^v/, '').split('.')[0])

/** One sentence and the end, where a tool was started under an older Node than the project's own. */
export function needOwnNode(tool) {
  if (major(process.versions.node) >= major(wanted)) return
  console.error(
    `${tool} runs here under Node ${process.versions.node}, and the project needs ${wanted}: use npm test -- FILE, which brings its own.`,
  )
  process.exit(1)
}
