import { homedir } from 'node:os'
import { join } from 'node:path'

const NAME = 'zihua-studio'

/** Where the studio keeps what it makes: ZIHUA_DATA, or the system's usual place. */
export function dataFolder(): string {
  const { env, platform } = process
  if (env['ZIHUA_DATA']) return env['ZIHUA_DATA']
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME)
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), NAME)
}
