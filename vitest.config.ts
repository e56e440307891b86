import { defineConfig } from 'vitest/config'
import { needOwnNode } from './build/node-version.mjs'

needOwnNode('vitest')

export default defineConfig({
  // Node runs what TypeScript leaves: `using` needs no helper of the bundler's.
  oxc: { target: 'esnext' },
  test: {
    include: ['core/**/*.test.ts', 'renderer/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts', 'models/**/*.test.ts'],
    // Files are separate processes: onnxruntime-node may not be unloaded inside one, and a crash must not take the others.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A machine of a forge may stall for a minute; what passes at the second try only is named at the end (build/test.ts).
    retry: process.env['CI'] ? 1 : 0,
    // Graphs of tests are not kept beside those of the studio's models (core/engine/optimised-graphs.ts).
    env: { ZIHUA_GRAPHS: '' },
  },
})
