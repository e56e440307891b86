/** The desktop app's functions beside the studio's procedures (electron/desktop/bridge.ts); undefined in a browser, and in tests without a window. */
import type { Desktop } from '../electron/desktop/bridge.ts'

declare global {
  interface Window {
    desktop?: Desktop
  }
}

export const desktop: Desktop | undefined = globalThis.window?.desktop
