import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-gpu-check-'))
afterAll(() => rmSync(scratch, { recursive: true }))

interface Report {
  items: Record<
    string,
    {
      seconds: Record<string, number>
      peakGiB: number
      latentsDiffer: number
      imageDiffers: number
      failed?: string
    }
  >
  diffusers: string
}

const check = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'gpu-check.ts'), ...args], { cwd: scratch, encoding: 'utf8' })

it('rehearses on the CPU: every form paints the same picture, and the report says how long it took', {
  timeout: 120_000,
}, () => {
  const work = ['--provider', 'cpu', '--size', 'tiny', '--side', '64', '--steps', '2', '--runs', '1', '--out', 'r.json']
  const { status, stderr } = check(...work, '--items', 'channels-last fused-step,plain-attention,batch of 4')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const report = JSON.parse(readFileSync(join(scratch, 'r.json'), 'utf8')) as Report
  expect(Object.keys(report.items)).toEqual(['reference', 'channels-last fused-step', 'plain-attention', 'batch of 4'])
  for (const [name, { seconds, peakGiB, latentsDiffer, imageDiffers, failed }] of Object.entries(report.items)) {
    expect(failed).toBeUndefined()
    for (const stage of ['load', 'encode', 'control', 'step', 'decode', 'picture'])
      expect(seconds[stage]).toBeGreaterThan(0)
    expect(peakGiB).toBeGreaterThan(0.05)
    expect(latentsDiffer).toBeLessThan(1e-4)
    expect(imageDiffers).toBeLessThan(1e-4)
    // Attention of other ops rounds otherwise: a comparison that is blind would say nothing at all.
    if (name === 'plain-attention') expect(latentsDiffer).toBeGreaterThan(0)
  }
  expect(report.diffusers).toMatch(/^left out/)
})

it('a card that is not there is said, item by item; a wrong provider or item is one line', { timeout: 120_000 }, () => {
  const work = ['--provider', 'dml', '--size', 'tiny', '--side', '64', '--steps', '1', '--runs', '1', '--out', 'n.json']
  if (process.platform !== 'win32') {
    expect(check(...work, '--items', 'profile').status).toBe(0)
    const { items } = JSON.parse(readFileSync(join(scratch, 'n.json'), 'utf8'))
    expect(items.reference.failed).toBeUndefined()
    expect(items.profile.failed).toMatch(/ended with/)
  }
  expect(check('--provider', 'abacus')).toMatchObject({ status: 2, stderr: expect.stringContaining('cuda') })
  expect(check('--items', 'magic')).toMatchObject({ status: 2, stderr: expect.stringContaining('channels-last') })
})
