/** Settings that suit a distilled model: the desk shows them, takes them over in one click, and gives them back on undo. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { fixture } from '../core/testing/fixtures.ts'
import { CHROMIUM, command, startStudio, violations } from './studio.ts'

const checkpoint = fixture('sdxl/ldm/tiny_sdxl_single_file_fp16.safetensors')
const configs = fixture('sdxl/pipeline')
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!checkpoint || !configs, 'needs the golden sets sdxl/ldm and sdxl/pipeline; ZIHUA_FIXTURES names them')

test('a Lightning checkpoint brings its sampler, steps and guidance', async ({ page }) => {
  const data = mkdtempSync(join(tmpdir(), 'zihua-suggested-'))
  const models = join(data, 'checkpoints')
  mkdirSync(models)
  const model = join(models, 'castle_lightning_4step.safetensors')
  symlinkSync(checkpoint!, model)
  symlinkSync(configs!, join(models, 'castle_lightning_4step'))
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ model }))
  const studio = await startStudio(data)
  try {
    await page.goto(studio.url)
    const suggested = page.locator('.suggested')
    await expect(suggested).toContainText('A Lightning model. It is made for: Euler, Steps 4, Guidance 1')
    expect(await violations(page)).toEqual([])
    await suggested.getByRole('button', { name: 'Use these' }).click()
    await expect(suggested).toHaveCount(0)
    await expect(page.getByRole('slider', { name: 'Steps' })).toHaveAttribute('aria-valuenow', '4')
    await command(page, 'undo')
    await expect(suggested).toBeVisible()
  } finally {
    await studio.stop()
    rmSync(data, { recursive: true, force: true })
  }
})
