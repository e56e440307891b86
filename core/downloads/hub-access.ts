/**
 * How this user reaches the hub: a mirror, and a token for models behind a licence. In hub.json, which others cannot read;
 * the desktop app seals the token with the system's keychain, and then it alone can use it.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../files/durable.ts'
import { keychain } from '../files/keychain.ts'
import { parsed } from '../files/parsed.ts'
import type { HttpOptions } from './http.ts'

const text = z.string().nullable().default(null)
const schema = z.object({ mirror: text, token: text, sealed: text })
type HubFile = z.infer<typeof schema>

export interface HubAccess {
  mirror: string | null
  token: string | null
  /** A token is there, and this program cannot open it: the desktop app's keychain has it. */
  locked: boolean
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'hub.json')

/** A damaged file counts as none. */
async function readFileOf(dataFolder: string): Promise<HubFile> {
  const written = await readFile(fileOf(dataFolder), 'utf8').catch(() => '{}')
  return parsed(written, schema) ?? { mirror: null, token: null, sealed: null }
}

/** What was set in the studio. */
export async function readHubAccess(dataFolder: string): Promise<HubAccess> {
  const { mirror, token, sealed } = await readFileOf(dataFolder)
  const opened = sealed === null ? null : await keychain().open(sealed)
  return { mirror, token: token ?? opened, locked: sealed !== null && opened === null }
}

/** Changes what is given. The file is for this user alone (mode 600). */
export async function changeHubAccess(
  dataFolder: string,
  { mirror, token }: Partial<Pick<HubAccess, 'mirror' | 'token'>>,
): Promise<HubAccess> {
  const file = await readFileOf(dataFolder)
  if (mirror !== undefined) file.mirror = mirror
  if (token !== undefined) {
    file.sealed = token === null ? null : await keychain().seal(token)
    file.token = file.sealed === null ? token : null
  }
  await writeDurably(fileOf(dataFolder), `${JSON.stringify(file, null, 2)}\n`, undefined, 0o600)
  return readHubAccess(dataFolder)
}

/** For Http: what was set here, else HF_ENDPOINT and HF_TOKEN, else the token of Hugging Face's own login. */
export async function httpOptions(dataFolder: string): Promise<HttpOptions> {
  const { mirror, token } = await readHubAccess(dataFolder)
  const { env } = process
  const home = env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface')
  const login = async () => (await readFile(join(home, 'token'), 'utf8').catch(() => '')).trim()
  return { mirror: mirror ?? env['HF_ENDPOINT'] ?? null, token: token ?? env['HF_TOKEN'] ?? ((await login()) || null) }
}
