import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPart } from './runner.ts'

const MINUTE = 60_000
const node = (code: string, limits: Parameters<typeof runPart>[2]) => runPart(process.execPath, ['-e', code], limits)

test('a part that ends by itself says how', async () => {
  expect(await node('process.exit(0)', { timeout: MINUTE })).toBe(0)
  expect(await node('process.exit(3)', { timeout: MINUTE })).toBe(3)
  await expect(runPart('no-such-command-here', [], { timeout: MINUTE })).rejects.toThrow('ENOENT')
})

test('a part that has reported and does not end is ended, with what it started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zihua-runner-'))
  const [report, pid] = [join(folder, 'report.json'), join(folder, 'pid')]
  const code = `
    const { spawn } = require('node:child_process'), { writeFileSync } = require('node:fs')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(${JSON.stringify(pid)}, String(child.pid))
    writeFileSync(${JSON.stringify(report)}, '{}')
    setInterval(() => {}, 1000)`
  expect(await node(code, { timeout: MINUTE, report, grace: 50 })).toBe('had reported, did not end and was ended')
  expect(existsSync(report)).toBe(true)
  await expect.poll(() => isRunning(Number(readFileSync(pid, 'utf8'))), { timeout: 20_000 }).toBe(false)
})

test('what a part leaves running is ended', async () => {
  const pid = join(mkdtempSync(join(tmpdir(), 'zihua-runner-')), 'pid')
  const code = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    require('node:fs').writeFileSync(${JSON.stringify(pid)}, String(child.pid))
    process.exit(0)`
  expect(await node(code, { timeout: MINUTE })).toBe(0)
  await expect.poll(() => isRunning(Number(readFileSync(pid, 'utf8'))), { timeout: 20_000 }).toBe(false)
})

test('a part that never ends is ended when its time is over', async () => {
  expect(await node('setInterval(() => {}, 1000)', { timeout: 300 })).toMatch(/was ended after/)
})

/** Whether a process lives; one that has ended and was not yet waited for does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
