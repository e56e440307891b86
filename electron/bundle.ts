/** Electron's own files as JavaScript: it runs no TypeScript, and a sandboxed preload has to be one CommonJS file. */
import { join, resolve } from 'node:path'
import { build, type InlineConfig } from 'vite'

/** @returns path of the main script */
export async function bundleElectron(out: string): Promise<string> {
  await bundle(resolve(import.meta.dirname, 'main.ts'), join(out, 'main'), 'es', 'main.mjs')
  await bundle(resolve(import.meta.dirname, 'preload.ts'), join(out, 'preload'), 'cjs', 'preload.cjs')
  return join(out, 'main', 'main.mjs')
}

async function bundle(entry: string, outDir: string, format: 'es' | 'cjs', file: string): Promise<void> {
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      outDir,
      emptyOutDir: true,
      ssr: entry,
      target: 'node24',
      minify: false,
      rolldownOptions: { external: ['electron', /^node:/], output: { format, entryFileNames: file } },
    },
  }
  await build(config)
}
