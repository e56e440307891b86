/**
 * Reads thousands of damaged weights files, LoRA files and pictures, seeded:
 *
 *     node_modules/.bin/node build/fuzz-files.ts [2000] [seed]
 *
 * Fails if one is refused with more than one sentence, takes over 5 s, or if memory grows by 1 GB.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fuzzFiles } from '../core/library/testing-fuzz.ts'

const [count = '2000', seed = '1'] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'zihua-fuzz-'))
process.env['ZIHUA_DATA'] = folder
const before = process.resourceUsage().maxRSS
try {
  const { wrong, ...report } = await fuzzFiles(folder, Number(count), Number(seed))
  const grown = Math.round((process.resourceUsage().maxRSS - before) / 1024)
  console.log(JSON.stringify({ ...report, memoryGrownMB: grown }))
  for (const line of wrong) console.error(line)
  if (wrong.length > 0 || report.slowest.milliseconds > 5000 || grown > 1000) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
