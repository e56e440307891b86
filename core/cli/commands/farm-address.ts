import type { FarmAddress } from '../../farm/connection.ts'

/** How a farm is reached: the same on every command. */
export const FARM_OPTIONS = {
  farm: { type: 'string' },
  token: { type: 'string' },
  nkey: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
} as const

interface Values {
  token?: string | undefined
  nkey?: string | undefined
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
}

/** A token in the environment is not seen by whoever lists processes. */
export function addressOf(url: string, { token, nkey, ca, cert, key }: Values): FarmAddress {
  return { url, token: token ?? process.env['ZIHUA_FARM_TOKEN'], nkey, ca, cert, key }
}
