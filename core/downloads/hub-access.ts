/** How this user reaches the hub: a mirror, and a token for models behind a licence. In hub.json, which others cannot read. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../files/durable.ts'
import type { HttpOptions } from './http.ts'

const schema = z.object({ mirror: z.string().nullable().default(null), token: z.string().nullable().default(null) })
export type HubAccess = z.infer<typeof schema>

const fileOf = (dataFolder: string): string => join(dataFolder, 'hub.json')

/** What was set in the studio; a damaged file counts as none. */
export async function readHubAccess(dataFolder: string): Promise<HubAccess> {
  const text = await readFile(fileOf(dataFolder), 'utf8').catch(() => '{}')
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return { mirror: null, token: null }
  }
}

/** Changes what is given. The file is for this user alone (mode 600). */
export async function changeHubAccess(dataFolder: string, change: Partial<HubAccess>): Promise<HubAccess> {
  const access = { ...(await readHubAccess(dataFolder)), ...change }
  await writeDurably(fileOf(dataFolder), `${JSON.stringify(access, null, 2)}\n`, undefined, 0o600)
  return access
}

/** For Http: what was set here, else HF_ENDPOINT and HF_TOKEN, else the token of Hugging Face's own login. */
export async function httpOptions(dataFolder: string): Promise<HttpOptions> {
  const { mirror, token } = await readHubAccess(dataFolder)
  const { env } = process
  const home = env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface')
  const login = async () => (await readFile(join(home, 'token'), 'utf8').catch(() => '')).trim()
  return { mirror: mirror ?? env['HF_ENDPOINT'] ?? null, token: token ?? env['HF_TOKEN'] ?? ((await login()) || null) }
}
