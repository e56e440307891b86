/**
 * Reads thousands of damaged files of a kind, seeded, and says what happened:
 *
 *     node_modules/.bin/node build/fuzz-files.ts [2000] [seed] [weights pictures fonts sets styles settings databases]
 *
 * So many of each kind; default: all kinds. Fails if one is refused with more than one sentence, takes over 5 s, or if memory
 * grows by 1 GB.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FUZZ_KINDS } from '../core/host/testing-fuzz-kinds.ts'
import { fuzz } from '../core/library/testing-fuzz.ts'

const [count = '2000', seed = '1', ...named] = process.argv.slice(2)
const unknown = named.find(name => !Object.hasOwn(FUZZ_KINDS, name))
if (unknown) throw new Error(`${unknown} is none of ${Object.keys(FUZZ_KINDS).join(', ')}.`)
const folder = await mkdtemp(join(tmpdir(), 'zihua-fuzz-'))
process.env['ZIHUA_DATA'] = folder
try {
  for (const [name, kindsOf] of Object.entries(FUZZ_KINDS)) {
    if (named.length > 0 && !named.includes(name)) continue
    const own = join(folder, name)
    await mkdir(own)
    const kinds = await kindsOf(own)
    const [before, start] = [process.resourceUsage().maxRSS, performance.now()]
    const { wrong, ...report } = await fuzz(kinds, own, Number(count), Number(seed))
    const grown = Math.round((process.resourceUsage().maxRSS - before) / 1024)
    const seconds = Math.round((performance.now() - start) / 1000)
    console.log(JSON.stringify({ kind: name, ...report, wrong: wrong.length, memoryGrownMB: grown, seconds }))
    for (const line of wrong.slice(0, 20)) console.error(line)
    if (wrong.length > 0 || report.slowest.milliseconds > 5000 || grown > 1000) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit()
