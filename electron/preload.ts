/** Runs before the page, in the sandbox: hands it the three dialogs of desktop/bridge.ts and nothing of Electron. */
import { contextBridge, ipcRenderer } from 'electron'
import { CHANNELS, type Desktop } from './desktop/bridge.ts'

const desktop: Desktop = {
  chooseModel: kind => ipcRenderer.invoke(CHANNELS.chooseModel, kind),
  chooseFolder: () => ipcRenderer.invoke(CHANNELS.chooseFolder),
  showPath: path => ipcRenderer.invoke(CHANNELS.showPath, path),
}

contextBridge.exposeInMainWorld('desktop', desktop)
