import { resolve } from 'node:path'

/** Where the built renderer lies. */
export const RENDERER_FOLDER = resolve(import.meta.dirname, '../../out/renderer')
