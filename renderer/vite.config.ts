import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin } from 'vite'
import { markdown } from '../build/guide/markdown.ts'
import { PAGE_FONTS, type PageFonts } from '../core/server/page-fonts.ts'
import { VIEWER_FILE } from '../core/server/service/docs.ts'
import { STATUS_SCRIPT } from '../core/server/service/status-page.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The viewer of the Writing Service's /docs lies beside the page, so that an installed studio has it too. */
const docsViewer: Plugin = {
  name: 'docs-viewer',
  apply: 'build',
  async generateBundle() {
    const source = await readFile(folder('../node_modules/@scalar/api-reference/dist/browser/standalone.js'))
    this.emitFile({ type: 'asset', fileName: VIEWER_FILE, source: gzipSync(source, { level: 9 }) })
  },
}

/** The script of the Writing Service's /status, one file with everything in it: nothing else is open to who reads that page. */
const statusPage: Plugin = {
  name: 'status-page',
  apply: 'build',
  async generateBundle() {
    const made = await build({
      ...{ configFile: false, logLevel: 'error', root: folder('.') },
      build: { write: false, target: 'es2023', rolldownOptions: { input: folder('status-page/page.ts') } },
    })
    const [{ output }] = [made].flat() as { output: { type: string; code?: string }[] }[]
    const [script] = output.filter(({ type }) => type === 'chunk')
    this.emitFile({ type: 'asset', fileName: STATUS_SCRIPT, source: script.code ?? '' })
  },
}

/** Fonts that the host has in its packages are served from there (core/server/page-fonts.ts), not copied. */
const sharedFonts: Plugin = {
  name: 'shared-fonts',
  apply: 'build',
  generateBundle(_, bundle) {
    const shared: Record<string, PageFonts[string]> = {}
    for (const [name, part] of Object.entries(bundle)) {
      if (part.type !== 'asset' || !name.endsWith('.woff2')) continue
      const [original = ''] = part.originalFileNames
      const [scope = '', packed, ...path] = original.split('node_modules/').at(-1)?.split('/') ?? []
      if (!scope.startsWith('@') || path.length === 0) continue
      shared[`/${name}`] = [`${scope}/${packed}`, path.join('/')]
      delete bundle[name]
    }
    this.emitFile({ type: 'asset', fileName: PAGE_FONTS, source: JSON.stringify(shared) })
  },
}

export default defineConfig({
  root: folder('.'),
  base: './',
  plugins: [react(), markdown, docsViewer, statusPage, sharedFonts],
  build: {
    outDir: folder('../out/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the desk needs is one file; what several late parts share (renderer/ui/late.tsx) is another.
        codeSplitting: {
          groups: [
            { name: 'desk', tags: ['$initial'] },
            { name: 'shared', minShareCount: 2 },
          ],
        },
      },
    },
    // For build/third-party.ts.
    license: { fileName: 'third-party-licences.md' },
  },
})
