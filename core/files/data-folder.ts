import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const NAME = 'zihua-studio'

/** Where the studio keeps what it makes: ZIHUA_DATA, or the system's usual place. */
export function dataFolder(
  { env, platform }: Pick<NodeJS.Process, 'env' | 'platform'> = process,
  exists: (path: string) => boolean = existsSync,
): string {
  if (env['ZIHUA_DATA']) return env['ZIHUA_DATA']
  if (platform === 'win32') {
    // Pictures and models are gigabytes, which a roaming profile would carry over the network at each login. Where an
    // older version has put them there, they stay.
    const roaming = join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), NAME)
    return exists(roaming) ? roaming : join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), NAME)
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME)
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), NAME)
}
