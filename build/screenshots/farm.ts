/** `node build/launch.mjs build/screenshots/farm.ts [FOLDER]`: the set sheet with a farm at work, in both themes and three languages. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import { STUB_SET, TestFarm } from '../../core/farm/testing-farm.ts'
import { StubPainter } from '../../core/farm/testing-painter.ts'
import { ensureRenderer } from '../../core/server/renderer-build.ts'
import { CHROMIUM, CHROMIUM_ARGUMENTS, command, startStudio } from '../../e2e/studio.ts'

const folder = resolve(process.argv[2] ?? 'out/screenshots')
mkdirSync(folder, { recursive: true })
await ensureRenderer()
await using farm = await TestFarm.start()
const failing = ({ request }: { request: { word: string | null; seed: number } }) => {
  if (request.word === 'love' && request.seed === 2) throw new Error('the driver fell over')
}
await farm.worker('workstation-1', new StubPainter({ milliseconds: 1500, before: failing }))
await farm.worker('workstation-2', new StubPainter({ milliseconds: 2500, lanes: 2, before: failing }))
const stop = new AbortController()
const set = { ...STUB_SET, name: 'lesson-1', styles: ['comic'], count: 30, words: ['love', '学习', 'мир', '水'] }
const making = farm.makeSet(set, 'out', { canary: false, signal: stop.signal }).catch(() => null)

const studio = await startStudio()
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
try {
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  await page.keyboard.press('Escape')
  await command(page, 'sets')
  await page.locator('.sets textarea').first().fill('学习, study\nlove')
  await page.locator('.sets-farm input[type=checkbox]').check()
  await page.locator('#farm-url').fill(farm.server.url)
  await page.locator('#farm-token').fill('not the token')
  await page.locator('.farm-address button').click()
  await page.locator('.farm-address .problem').waitFor()
  await page.screenshot({ path: join(folder, 'farm-refused.png') })
  await page.locator('#farm-token').fill(farm.server.address.token ?? '')
  await page.locator('.farm-address button').click()
  await page.locator('.farm li').nth(1).waitFor({ timeout: 30_000 })
  await page.locator('.farm .problem').first().waitFor({ timeout: 60_000 })
  for (const language of LANGUAGES) {
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate(
        ([lang, look]) =>
          fetch('/rpc/settings/set', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ json: { language: lang, theme: look } }),
          }).then(answer => answer.ok),
        [language, theme] as const,
      )
      await page.reload()
      await page.locator('.word-input').waitFor()
      await page.keyboard.press('Escape')
      await command(page, 'sets')
      await page.locator('.farm li').nth(1).waitFor({ timeout: 30_000 })
      await page.screenshot({ path: join(folder, `farm-${theme}-${language}.png`) })
    }
  }
} finally {
  await browser.close()
  await studio.stop()
  stop.abort()
  await making
}
