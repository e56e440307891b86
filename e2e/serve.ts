/**
 * The browser host for the suite and the screenshots: a data folder of its own, on the draft model where it is there,
 * else on the tiny model of the fixtures. Prints the invitation as its first line; answers the line "inference" with the
 * id of the inference process that runs, for tests that kill it; ends with its standard input.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { draftFolder } from '../core/machine/draft-folder.ts'
import { ModelRegistry } from '../core/machine/registry.ts'
import { openBrowserHost } from '../core/server/browser-host.ts'
import { fixture } from '../core/testing/fixtures.ts'

const data = process.env['ZIHUA_DATA']
if (!data) throw new Error('ZIHUA_DATA names the folder to use.')
mkdirSync(data, { recursive: true })

const tiny = fixture('sdxl/pipeline')
if (!existsSync(join(draftFolder, 'model_index.json')) && tiny) {
  const { id } = await new ModelRegistry(data).add(tiny)
  const settings = { model: id, controlnet: join(tiny, 'controlnet') }
  if (!existsSync(join(data, 'settings.json'))) writeFileSync(join(data, 'settings.json'), JSON.stringify(settings))
}

const { served, host, close } = await openBrowserHost({ port: Number(process.argv[2]) })
console.log(served.invite())
createInterface(process.stdin)
  .on('line', line => line === 'inference' && console.log(String(host.studio.inference.pids[0] ?? 0)))
  .once('close', () => void close())
