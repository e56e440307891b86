/**
 * Fonts of the page. The host has the same files in its packages, so the built page carries none of its own: fonts.json says
 * which file of which package each address is (renderer/vite.config.ts).
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** In the built renderer: "/assets/x.woff2" → ["@fontsource/lobster", "files/lobster-latin-400-normal.woff2"]. */
export const PAGE_FONTS = 'fonts.json'
export type PageFonts = Readonly<Record<string, readonly [packageName: string, file: string]>>

const require = createRequire(import.meta.url)
const read = new Map<string, Promise<PageFonts>>()

/** The file of a package that a path of the page means; null for every other path. */
export async function pageFont(renderer: string, path: string): Promise<string | null> {
  let fonts = read.get(renderer)
  if (!fonts) {
    fonts = readFile(join(renderer, PAGE_FONTS), 'utf8').then(JSON.parse, () => ({}))
    read.set(renderer, fonts)
  }
  const known = await fonts
  if (!Object.hasOwn(known, path)) return null
  const [name, file] = known[path]
  return join(dirname(require.resolve(`${name}/package.json`)), file)
}
