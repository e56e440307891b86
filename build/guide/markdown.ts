/** Vite plugin: a Markdown file is imported as HTML, and its pictures become files of the build. */
import { readFile } from 'node:fs/promises'
import { marked } from 'marked'
import type { Plugin } from 'vite'

export const markdown: Plugin = {
  name: 'markdown',
  async load(id) {
    if (!id.endsWith('.md')) return null
    return moduleOf(await readFile(id, 'utf8'))
  },
}

/** The source of a module whose default export is the page. */
export function moduleOf(text: string): string {
  const html = marked.parse(text, { async: false })
  const parts = html.split(/(?<=<img src=")(pictures\/[^"]+)(?=")/)
  // Every other part is the path of a picture.
  const imports = parts.flatMap((part, i) => (i % 2 ? [`import p${i} from './${part}'`] : []))
  const joined = parts.map((part, i) => (i % 2 ? `p${i}` : JSON.stringify(part))).join(' + ')
  return `${imports.join('\n')}\nexport default ${joined}\n`
}
