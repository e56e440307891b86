/** zihua judge as a user meets it: a real process, exit codes, one object or one line. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fixture } from '../testing/fixtures.ts'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-judge-'))
const love = fixture('legibility/pixel-art-love.webp')!
beforeAll(async () => {
  writeFileSync(join(scratch, 'text.png'), 'no picture')
  await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } }).toFile(join(scratch, 'dot.png'))
  await sharp({ create: { width: 3000, height: 20, channels: 4, background: '#0000' } }).toFile(
    join(scratch, 'line.png'),
  )
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const judge = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'judge', ...args], { cwd: scratch }).then(
    ({ stdout }) => ({ code: 0, out: stdout, err: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout,
      err: stderr,
    }),
  )

it('prints score, what was read, outline and why', async () => {
  const found = JSON.parse((await judge(love, '--word', 'love', '--json')).out)
  expect(Object.keys(found)).toEqual(['score', 'read', 'outline', 'why'])
  expect(found).toMatchObject({ read: 'love', outline: null, why: expect.stringContaining('Read as love') })
  expect(found.score).toBeGreaterThan(0.9)
  const other = JSON.parse((await judge(love, '--word', 'hate', '--json')).out)
  expect(other.score).toBeLessThan(0.5)
  expect(JSON.parse((await judge(love, '--json')).out)).toMatchObject({ score: null, read: 'love' })
})

it.each(['dot.png', 'line.png'])('%s holds no word, and that is an answer', async name => {
  const { code, out } = await judge(name, '--word', '学习', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out).score).toBeLessThan(0.1)
})

it.each([
  ['no such file', ['nowhere.png'], 1],
  ['no picture', ['text.png', '--word', 'x'], 1],
  ['an empty word', [love, '--word', ''], 1],
  ['a word that is too long', [love, '--word', 'x'.repeat(65)], 1],
  ['no picture named', [], 2],
  ['an option that is not there', [love, '--words', 'x'], 2],
] as const)('%s is one sentence', async (_, args, expected) => {
  const { code, out, err } = await judge(...args)
  expect([code, out]).toEqual([expected, ''])
  expect(err.trim().split('\n').length, err).toBe(1)
  expect(err).not.toMatch(/\.ts:\d+/)
})
