/** A user whose home folder has other letters, spaces, # and %: weights are mapped by ONNX Runtime from paths below it. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'

const model = fixture('sdxl/pipeline')
const root = mkdtempSync(join(tmpdir(), 'zihua-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function paintedBelow(home: string): Promise<Buffer> {
  const folder = join(root, home)
  cpSync(model!, join(folder, 'model'), { recursive: true })
  const picture = join(folder, 'picture.png')
  const options = ['--model', join(folder, 'model'), '--controlnet', join(folder, 'model', 'controlnet')]
  execFileSync(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'cli.ts'), 'generate', '学', ...options],
      ...['--size', '64x64', '--steps', '2', '--seed', '5', '--out', picture],
    ],
    { env: { ...process.env, ZIHUA_DATA: join(folder, 'data') }, stdio: 'pipe' },
  )
  return sharp(picture).raw().toBuffer()
}

it.skipIf(!model)(
  'paints the same in a home folder «Пользователь 学 # %41» (needs ZIHUA_FIXTURES)',
  { timeout: 240_000 },
  async () => {
    const plain = await paintedBelow('user')
    expect(new Set(plain).size).toBeGreaterThan(16)
    expect((await paintedBelow('Пользователь 学 # %41')).equals(plain)).toBe(true)
  },
)
