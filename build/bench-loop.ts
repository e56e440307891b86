/**
 * npm run bench:loop: how long the event loops of the host and of the inference process are kept from turning by their own
 * work while pictures are painted (loop-watch.ts says how that is counted). Exit code 1 where it is more than 20 ms.
 *
 *   npm run bench:loop [-- --pictures 3] [--size 512] [--limit 20] [--json]
 *
 * The first picture, with its start and loading, is told apart.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '3' },
    size: { type: 'string', default: '512' },
    limit: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    paint: { type: 'string' },
  },
})

/** The host: pictures through the queue and into the library, as the studio makes them. Prints when each was saved. */
async function paint(data: string): Promise<void> {
  const { StudioHost } = await import('../core/host/studio-host.ts')
  const host = await StudioHost.open({ dataFolder: data, firstPicture: false })
  const side = Number(values.size)
  for (let i = 0; i < Number(values.pictures); i++) {
    await host.orders.addPicture({ word: '学习', seed: i + 1, width: side, height: side })
    await host.queue.idle()
    console.log(Date.now())
  }
  await host[Symbol.asyncDispose]()
}

interface Blocked {
  script: string
  /** Longest stretch, milliseconds: with the first picture's start and loading, and after the first picture. */
  loading: number
  painting: number
}

async function measure(): Promise<Blocked[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'zihua-loop-'))
  try {
    const watch = pathToFileURL(join(import.meta.dirname, 'loop-watch.ts')).href
    const child = spawn(
      process.execPath,
      [import.meta.filename, ...process.argv.slice(2), '--paint', join(scratch, 'data')],
      {
        env: {
          ...process.env,
          NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${watch}`,
          ZIHUA_LOOP_WATCH: join(scratch, 'loop'),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let saved = ''
    child.stdout.on('data', (bytes: Buffer) => {
      saved += bytes
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`the studio ended with code ${code}`)
    const firstSaved = Number(saved.split('\n')[0])
    const files = (await readdir(scratch)).filter(name => name.startsWith('loop.'))
    return await Promise.all(
      files.map(async name => {
        const noted = (await readFile(join(scratch, name), 'utf8'))
          .trim()
          .split('\n')
          .map(each => each.split(' ').map(Number))
        const longest = (when: (time: number) => boolean) =>
          Math.max(0, ...noted.filter(([time]) => when(time)).map(([, ms]) => ms))
        return {
          script: name.split('.').slice(1, -1).join('.'),
          loading: longest(time => time <= firstSaved),
          painting: longest(time => time > firstSaved),
        }
      }),
    )
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}

if (values.paint) await paint(values.paint)
else {
  const all = await measure()
  const limit = Number(values.limit)
  if (values.json) console.log(JSON.stringify(all))
  else
    for (const { script, loading, painting } of all)
      console.log(
        `${script.padEnd(28)} first picture with loading ${loading} ms, later pictures ${painting} ms (limit ${limit})`,
      )
  if (all.length < 2) throw new Error('host and inference process were not both watched')
  process.exitCode = all.every(({ painting }) => painting <= limit) ? 0 : 1
}
