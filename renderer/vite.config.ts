import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { markdown } from '../build/guide/markdown.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The viewer of the Writing Service's /docs lies beside the page, so that an installed studio has it too. */
const docsViewer: Plugin = {
  name: 'docs-viewer',
  apply: 'build',
  async generateBundle() {
    const source = await readFile(folder('../node_modules/@scalar/api-reference/dist/browser/standalone.js'))
    this.emitFile({ type: 'asset', fileName: 'scalar.js', source })
  },
}

export default defineConfig({
  root: folder('.'),
  base: './',
  plugins: [react(), markdown, docsViewer],
  build: {
    outDir: folder('../out/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // For build/third-party.ts.
    license: { fileName: 'third-party-licences.md' },
  },
})
