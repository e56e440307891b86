import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import { ZipFile } from 'yazl'
import { writeDurably } from '../../files/durable.ts'
import { VERSION } from '../../files/version.ts'
import { Studio } from '../../generate/studio.ts'
import { SettingsFile } from '../../host/settings.ts'
import { LOGS_FOLDER } from '../../log/log.ts'
import { checkFile } from '../check-place.ts'
import { parse, UsageError } from './arguments.ts'
import { followMachineSettings } from './machine-settings.ts'

const OPTIONS = { out: { type: 'string' }, 'with-prompts': { type: 'boolean' }, json: { type: 'boolean' } } as const

/** zihua diagnostics --out FILE.zip [--with-prompts]: what a bug report needs; no pictures, and no prompts unless asked. */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, OPTIONS, { min: 0, max: 0 })
  const { out } = values
  if (!out) throw new UsageError('say where the file goes with --out.')
  // Somebody else's file of another kind is not turned into this one.
  if (!/\.zip$/i.test(out)) throw new UsageError(`--out takes a .zip file, not "${out}".`)
  await checkFile(out)
  await using studio = new Studio()
  await followMachineSettings(studio)
  const { favourites: _, shortcuts: __, localApi, ...settings } = (await SettingsFile.open(studio.dataFolder)).get()
  const about = {
    version: VERSION,
    time: new Date().toISOString(),
    node: process.version,
    onnxruntime: onnxruntime.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads`,
    memory: { total: totalmem(), free: freemem() },
    providers: await studio.machine.tryAll(),
    graphics: await studio.machine.status(),
    models: (await studio.registry.list()).map(({ id, builtIn, present }) => ({ id, builtIn, present })),
    // Whether programs need a token, never which.
    settings: { ...settings, localApi: localApi && { port: localApi.port, token: Boolean(localApi.token) } },
  }
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(`${JSON.stringify(about, null, 2)}\n`), 'doctor.json')
  const logs = join(studio.dataFolder, LOGS_FOLDER)
  for (const name of (await readdir(logs).catch(() => [])).filter(name => name.endsWith('.log'))) {
    const text = await readFile(join(logs, name), 'utf8')
    const lines = values['with-prompts'] ? text : text.split('\n').map(withoutParameters).join('\n')
    zip.addBuffer(Buffer.from(lines), `${LOGS_FOLDER}/${name}`)
  }
  zip.end()
  await writeDurably(resolve(out), await buffer(zip.outputStream))
  console.log(values.json ? JSON.stringify({ file: out }) : out)
}

/** A line of the log without the request that a picture was made from; a line that is no JSON is left out. */
function withoutParameters(line: string): string {
  if (line === '') return line
  try {
    const { parameters: _, ...rest } = JSON.parse(line) as Record<string, unknown>
    return JSON.stringify(rest)
  } catch {
    return ''
  }
}
