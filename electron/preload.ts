/** Runs before the page, in the sandbox: hands it what desktop/bridge.ts lists and nothing of Electron. */
import { contextBridge, ipcRenderer } from 'electron'
import { CHANNELS, COMMAND_CHANNEL, type Desktop, type DesktopCalls, isMenuCommand } from './desktop/bridge.ts'

const calls = Object.fromEntries(
  Object.entries(CHANNELS).map(([name, channel]) => [
    name,
    (...args: unknown[]) => ipcRenderer.invoke(channel, ...args),
  ]),
) as unknown as DesktopCalls

const desktop: Desktop = {
  ...calls,
  onCommand(listener) {
    // The page gets the name alone: the event would hand it Electron's own objects.
    const hear = (_event: unknown, id: unknown) => isMenuCommand(id) && listener(id)
    ipcRenderer.on(COMMAND_CHANNEL, hear)
    return () => ipcRenderer.off(COMMAND_CHANNEL, hear)
  },
}

contextBridge.exposeInMainWorld('desktop', desktop)
