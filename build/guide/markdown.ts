/** Vite plugin: a Markdown file is imported as HTML, and its pictures become files of the build. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { marked } from 'marked'
import type { Plugin } from 'vite'

export const markdown: Plugin = {
  name: 'markdown',
  async load(id) {
    if (!id.endsWith('.md')) return null
    const folder = dirname(id)
    return moduleOf(await readFile(id, 'utf8'), picture => existsSync(join(folder, picture)))
  },
}

/**
 * The source of a module whose default export is the page.
 * @param isThere a picture that is not yet taken must not keep the studio from being built, as it is taken from the studio
 */
export function moduleOf(text: string, isThere: (picture: string) => boolean = () => true): string {
  // Code scrolls where the page is narrow: the keyboard has to get there too.
  const html = marked.parse(text, { async: false }).replaceAll('<pre>', '<pre tabindex="0">')
  const parts = html.split(/(?<=<img src=")(pictures\/[^"]+)(?=")/)
  // Every other part is the path of a picture.
  const isImported = (part: string, i: number) => i % 2 === 1 && isThere(part)
  const imports = parts.flatMap((part, i) => (isImported(part, i) ? [`import p${i} from './${part}'`] : []))
  const joined = parts.map((part, i) => (isImported(part, i) ? `p${i}` : JSON.stringify(part))).join(' + ')
  return `${imports.join('\n')}\nexport default ${joined}\n`
}
