import { text } from 'node:stream/consumers'
import { Http } from '../../../downloads/http.ts'
import { changeHubAccess, readHubAccess } from '../../../downloads/hub-access.ts'
import { dataFolder } from '../../../files/data-folder.ts'

/** zihua models token TOKEN (or - for stdin), --clear, --mirror URL: how the hub is reached. Never prints the token. */
export async function token(
  given: string | undefined,
  { clear, mirror }: { clear?: boolean | undefined; mirror?: string | undefined },
  json: boolean,
): Promise<void> {
  const folder = dataFolder()
  const own = given === '-' ? (await text(process.stdin)).trim() : given
  // Refuses what is no address before it is written down.
  if (mirror) await new Http({ mirror })[Symbol.asyncDispose]()
  if (clear) await changeHubAccess(folder, { token: null, mirror: null })
  if (own) await changeHubAccess(folder, { token: own })
  if (mirror !== undefined) await changeHubAccess(folder, { mirror: mirror || null })
  const now = await readHubAccess(folder)
  const { mirror: address, locked } = now
  const has = now.token !== null
  if (json) return console.log(JSON.stringify({ token: has, mirror: address, ...(locked && { locked }) }))
  const said = has
    ? 'set'
    : locked
      ? "in the desktop app's keychain, which only the app opens; set one here too"
      : 'none'
  console.log(`token: ${said}; mirror: ${address ?? 'none'}`)
}
