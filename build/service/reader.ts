/**
 * A third reader of A1111's parameters, in JavaScript, that knows nothing of ours: node reader.ts EXPECTED.json INSTALLED.
 * Fails where it reads something else. INSTALLED keeps the package for the next time.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

const NAME = 'stable-diffusion-image-metadata'
const [list, installed] = process.argv.slice(2)
if (!existsSync(join(installed, 'node_modules', NAME))) {
  mkdirSync(installed, { recursive: true })
  const args = ['install', '--prefix', installed, '--no-audit', '--no-fund', '--ignore-scripts', `${NAME}@1.0.13`]
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
}
const reader: {
  extract(file: string): Promise<[string, boolean]>
  parse(text: string): Record<string, unknown>
} = createRequire(join(installed, 'package.json'))(NAME)

const expected: Record<string, Record<string, string>> = JSON.parse(readFileSync(list, 'utf8'))
const faults: string[] = []
for (const [file, wanted] of Object.entries(expected)) {
  const read = reader.parse((await reader.extract(file))[0])
  const { prompt, negativePrompt: negative, sampler, seed, steps, size } = read
  for (const [field, found] of Object.entries({ prompt, negative, sampler, seed, steps, size }))
    if (found !== wanted[field])
      faults.push(
        `${NAME}, ${basename(file)}: ${field} is read as ${JSON.stringify(found)} in place of ${JSON.stringify(wanted[field])}`,
      )
}
console.log(faults.join('\n') || `${NAME}: ${Object.keys(expected).length} pictures read as they were written`)
process.exitCode = faults.length > 0 ? 1 : 0
