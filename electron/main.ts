/** Electron's entry. All it decides is in desktop/. */
import { resolve } from 'node:path'
import * as electron from 'electron'
import { startDesktop } from './desktop/desktop.ts'

// Bundled to out/main/main.mjs, beside out/preload and out/renderer.
const root = process.env['ZIHUA_ROOT'] ?? resolve(import.meta.dirname, '../..')
startDesktop({
  ...{ electron, root },
  preload: resolve(import.meta.dirname, '../preload/preload.cjs'),
  node: process.env['ZIHUA_NODE'] ?? process.execPath,
})
