/** Electron's entry; everything is in desktop/. */
import * as electron from 'electron'
import { startDesktop } from './desktop/desktop.ts'
import { places } from './desktop/places.ts'

const { isPackaged: packaged } = electron.app
startDesktop({ electron, ...places({ folder: import.meta.dirname, packaged, resources: process.resourcesPath }) })
