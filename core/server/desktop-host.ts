/**
 * The studio in a process beside Electron's main one (desktop/host-process.ts starts it), whose keychain it uses. Ends when
 * its parent does. Where
 * another host is open on the data folder, the window shows that one's page, and this process takes its place when it ends.
 */
import { StudioError } from '../faults/studio-error.ts'
import { dataFolder } from '../files/data-folder.ts'
import { keychainOver, setKeychain } from '../files/keychain.ts'
import { openBrowserHost } from './browser-host.ts'
import { readInvitation } from './invitation.ts'
import { otherHostEnded } from './only-host.ts'

const parentEnded = new Promise<void>(ended => process.stdin.resume().once('end', ended))
setKeychain(keychainOver(process.stdin, process.stdout))

try {
  const { served, close } = await openBrowserHost({ port: 0, platform: 'electron' })
  // Read by the parent alone; the token in it works once.
  console.log(JSON.stringify({ url: served.invite() }))
  void parentEnded.then(close).then(() => process.exit(0))
} catch (error) {
  if (!(error instanceof StudioError)) throw error
  const url = error.key === 'studioOpen' ? await readInvitation(dataFolder()) : null
  // The address is a secret of the user's; what is printed here may be kept by a system's log.
  console.error(`zihua: ${error.message}${url === null ? ` ${error.hint}` : ''}`)
  if (url === null) process.exit(1)
  console.log(JSON.stringify({ url }))
  void parentEnded.then(() => process.exit(0))
  // The parent starts this process again, as the host then.
  await otherHostEnded(dataFolder())
  process.exit(1)
}
