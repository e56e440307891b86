/** The host's questions to the system's keychain, which Electron has in this process only: core/files/keychain.ts. */
import type * as Electron from 'electron'
import { keychainAnswer, keychainRequest } from '../../core/files/keychain.ts'
import { parsed } from '../../core/files/parsed.ts'

/** @returns the line to answer with; null for a line that asks nothing */
export function answerFromKeychain(safeStorage: Electron.SafeStorage, line: string): string | null {
  const asked = parsed(line, keychainRequest)
  if (!asked) return null
  const { id, keychain, text } = asked
  return JSON.stringify(keychainAnswer.parse({ id, text: answer(safeStorage, keychain, text) }))
}

function answer(safeStorage: Electron.SafeStorage, what: 'seal' | 'open', text: string): string | null {
  if (!hasKeychain(safeStorage)) return null
  try {
    return what === 'seal'
      ? safeStorage.encryptString(text).toString('base64')
      : safeStorage.decryptString(Buffer.from(text, 'base64'))
  } catch {
    return null // Sealed by another user or on another machine, or the keychain was not unlocked.
  }
}

/** On a Linux without a keyring Chromium encrypts with a password that stands in its source: that is none. */
function hasKeychain(safeStorage: Electron.SafeStorage): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false
  return process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
}
