/** Downloads from the command line: real processes, a real server, a picture painted with what came. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { startFolderServer } from '../downloads/testing-folder.ts'
import { fixture } from '../testing/fixtures.ts'

const tiny = fixture('sdxl/pipeline')
const scratch = mkdtempSync(join(tmpdir(), 'zihua-cli-models-'))
const data = join(scratch, 'data')
const manifests = join(scratch, 'manifests')
mkdirSync(manifests)
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const env = {
  ...process.env,
  ZIHUA_DATA: data,
  ZIHUA_MANIFESTS: manifests,
  HF_HOME: join(scratch, 'hf'),
  HOME: scratch,
}
const cli = join(import.meta.dirname, 'cli.ts')

async function zihua(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return promisify(execFile)(process.execPath, [cli, ...args], { env, cwd: scratch }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, out: error.stdout, err: error.stderr },
    }),
  )
}

async function appears(file: string): Promise<void> {
  await expect.poll(() => existsSync(file), { timeout: 30_000, interval: 20 }).toBe(true)
}

it('a folder that is not there and the model that stays are one clear line', async () => {
  const missing = join(scratch, 'no-such-folder')
  expect(await zihua('models', 'scan', missing)).toEqual({
    ...{ code: 1, out: '', err: `zihua: There is no folder ${missing}. Check its path.\n` },
  })
  const { code, err } = await zihua('models', 'remove', 'draft')
  expect([code, err]).toEqual([1, expect.stringContaining('"draft" is a part of the studio and stays.')])
})

describe.skipIf(!tiny)('zihua models (needs the golden set sdxl)', () => {
  it('downloads a model by its id, after a kill too, paints with it, verifies and removes it', async () => {
    await using server = await startFolderServer(tiny!)
    const manifest = await server.manifest('tiny-sdxl', 'model')
    writeFileSync(join(manifests, 'tiny-sdxl.json'), JSON.stringify(manifest))
    const listed = JSON.parse((await zihua('models', 'list', '--json')).out)
    expect(listed.downloads.find(({ id }: { id: string }) => id === 'tiny-sdxl')).toMatchObject({ state: 'absent' })

    // Killed in the middle: nothing has its name yet that is not whole.
    server.rate = 400_000
    const killed = spawn(process.execPath, [cli, 'models', 'download', 'tiny-sdxl'], { env, stdio: 'ignore' })
    // The repository's own model has its weights in fp16, under another name.
    const weights = manifest.files.find(({ path }) => /^unet\/.*\.safetensors$/.test(path))!
    const part = join(data, 'models/tiny-sdxl', `${weights.path}.part`)
    await appears(part)
    const gone = once(killed, 'exit')
    killed.kill('SIGKILL')
    await gone
    server.rate = null

    const got = await zihua('models', 'download', 'tiny-sdxl', '--json')
    expect(got.err).toBe('')
    expect(JSON.parse(got.out)).toMatchObject({ id: 'tiny-sdxl', model: { id: 'tiny-sdxl', kind: 'model' } })
    const painted = await zihua('generate', '学习', '--model', 'tiny-sdxl', '--steps', '2', '--out', 'x.png')
    expect(painted).toMatchObject({ code: 0 })
    expect(existsSync(join(scratch, 'x.png'))).toBe(true)
    expect((await zihua('models', 'verify', 'tiny-sdxl')).code).toBe(0)
    const config = join(data, 'models/tiny-sdxl/unet/config.json')
    writeFileSync(config, `${readFileSync(config, 'utf8')} `)
    expect(await zihua('models', 'verify', 'tiny-sdxl')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/unet\/config\.json/),
    })
    expect((await zihua('models', 'remove', 'tiny-sdxl')).out).toMatch(/deleted/)
    expect(existsSync(join(data, 'models/tiny-sdxl'))).toBe(false)
  }, 120_000)

  it('takes a manifest of one’s own, and says in one line what is wrong', async () => {
    await using server = await startFolderServer(tiny!)
    const manifest = await server.manifest('own', 'model')
    writeFileSync(join(scratch, 'own.json'), JSON.stringify(manifest))
    expect((await zihua('models', 'download', '--manifest', 'own.json')).out).toMatch(/--model own/)
    writeFileSync(
      join(scratch, 'bad.json'),
      JSON.stringify({ ...manifest, files: [{ path: '../x', url: server.url }] }),
    )
    for (const args of [['--manifest', 'bad.json'], ['--manifest', 'none.json'], ['nothing']]) {
      const { code, err, out } = await zihua('models', 'download', ...args)
      expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 })
    }
  }, 60_000)

  it('keeps a token without ever printing it', async () => {
    expect((await zihua('models', 'token', 'hf_secret')).out).toBe('token: set; mirror: none\n')
    expect((await zihua('models', 'token', '--mirror', 'nonsense')).code).toBe(1)
    expect((await zihua('models', 'token', '--mirror', 'https://m.example')).out).toBe(
      'token: set; mirror: https://m.example\n',
    )
    expect((await zihua('models', 'token', '--clear')).out).toBe('token: none; mirror: none\n')
  }, 60_000)
})
