/**
 * The system's keychain, which keeps a secret so that another user or a copied disk does not yield it. Only a desktop app
 * has one here: Electron's safeStorage lives in the app's main process, and answers this process over the pipes that join
 * the two, a line of JSON each way. Elsewhere secrets lie in files that only their user reads (mode 600).
 */

import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { parsed } from './parsed.ts'

export interface Keychain {
  /** The secret in a form that only this user on this machine can open again; null where there is no keychain. */
  seal(secret: string): Promise<string | null>
  /** The secret; null where it cannot be opened. */
  open(sealed: string): Promise<string | null>
}

/** What is asked. `text` is the secret, or what was made of it. */
export const keychainRequest = z.object({ keychain: z.enum(['seal', 'open']), id: z.number(), text: z.string() })
export type KeychainRequest = z.infer<typeof keychainRequest>
export const keychainAnswer = z.object({ id: z.number(), text: z.string().nullable() })

const NONE: Keychain = { seal: async () => null, open: async () => null }
let current = NONE

/** This process's keychain. */
export const keychain = (): Keychain => current

/** @param own null: none again */
export function setKeychain(own: Keychain | null): void {
  current = own ?? NONE
}

/** A parent that does not answer within this time has no keychain, in ms. Some ask their user first. */
const PATIENCE_MS = 60_000

/** Asks the program at the other end of two pipes. */
export function keychainOver(input: Readable, output: Writable, patience = PATIENCE_MS): Keychain {
  const waiting = new Map<number, (text: string | null) => void>()
  let asked = 0
  createInterface({ input }).on('line', line => {
    const answer = parsed(line, keychainAnswer)
    if (answer) waiting.get(answer.id)?.(answer.text)
  })
  const ask = (what: KeychainRequest['keychain']) => async (text: string) => {
    const id = ++asked
    const answered = Promise.withResolvers<string | null>()
    waiting.set(id, answered.resolve)
    const timer = setTimeout(() => answered.resolve(null), patience).unref()
    output.write(`${JSON.stringify({ keychain: what, id, text } satisfies KeychainRequest)}\n`)
    const answer = await answered.promise
    clearTimeout(timer)
    waiting.delete(id)
    return answer
  }
  return { seal: ask('seal'), open: ask('open') }
}
