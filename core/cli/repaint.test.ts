import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-repaint-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function zihua(...args: string[]): Promise<string> {
  const env = { ...process.env, ZIHUA_DATA: join(scratch, 'data') }
  const options = { env, cwd: scratch }
  return (await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], options)).stdout
}

it('after the largest seed comes 0', { timeout: 120_000 }, async () => {
  const largest = String(Number.MAX_SAFE_INTEGER)
  await zihua(...['generate', '学', '--size', '64x64', '--steps', '2', '--seed', largest, '--out', 'x.png'])
  const { seed } = JSON.parse(await zihua('repaint', 'x.png', '--ground', '--out', 'y.png', '--json'))
  expect(seed).toBe(0)
})
