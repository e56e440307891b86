/** The preload script, sandboxed: exposes the calls of desktop/bridge.ts to the page, and nothing of Electron. */
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
    // The page gets the id alone: the event has Electron's own objects.
    const onMessage = (_event: unknown, id: unknown) => isMenuCommand(id) && listener(id)
    ipcRenderer.on(COMMAND_CHANNEL, onMessage)
    return () => ipcRenderer.off(COMMAND_CHANNEL, onMessage)
  },
}

contextBridge.exposeInMainWorld('desktop', desktop)
