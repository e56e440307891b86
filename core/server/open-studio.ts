/** Calls a procedure of the studio that is open on a data folder, as its own page would: by the address that is kept ready there. */
import { fault } from '../faults/fault.ts'
import { type ErrorReport, StudioError } from '../faults/studio-error.ts'
import { KEY_HEADER } from './gate.ts'
import { readInvitation } from './invitation.ts'

/** A call waits for the picture that is being made. */
const LONGEST_MS = 30 * 60_000

/**
 * @param procedure "machine/release"
 * @returns its answer; undefined where it has none
 * @throws StudioError 'bad-request' where no studio is open, or what the studio says
 */
export async function callOpenStudio(dataFolder: string, procedure: string): Promise<unknown> {
  const address = await readInvitation(dataFolder)
  if (address === null) throw fault('noStudioOpen', { folder: dataFolder })
  // What a studio that was killed has left leads nowhere.
  const page = await fetch(address).catch(() => null)
  const [cookie, key] = [page?.headers.get('set-cookie')?.split(';')[0], page?.headers.get(KEY_HEADER)]
  await page?.body?.cancel()
  if (!cookie || !key) throw fault('noStudioOpen', { folder: dataFolder })
  const { origin } = new URL(address)
  const answer = await fetch(`${origin}/rpc/${procedure}`, {
    method: 'POST',
    headers: { cookie, origin, [KEY_HEADER]: key, 'content-type': 'application/json' },
    body: JSON.stringify({ meta: [] }),
    signal: AbortSignal.timeout(LONGEST_MS),
  })
  const { json } = (await answer.json()) as { json?: unknown }
  if (!answer.ok) throw StudioError.from((json as { data: ErrorReport }).data)
  return json
}
