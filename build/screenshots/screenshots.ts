/** `npm run screenshots [FOLDER]`: every screen and state in both themes and three languages, on a studio of their own. */

import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import { ensureRenderer } from '../../core/server/renderer-build.ts'
import { CHROMIUM, CHROMIUM_ARGUMENTS, command, setSteps, startStudio } from '../../e2e/studio.ts'
import { composing, gallery, screens, sheets } from './screens.ts'
import { failures, makeSet, states } from './states.ts'

/** Resolves when every visible picture is loaded. */
const VISIBLE_PICTURES = `Promise.all([...document.images].filter(image => image.checkVisibility() &&
  image.getBoundingClientRect().top < innerHeight).map(image => image.decode().catch(() => null))).then(() => true)`

const { positionals } = parseArgs({ allowPositionals: true })
const folder = resolve(positionals[0] ?? 'out/screenshots')
mkdirSync(folder, { recursive: true })
await ensureRenderer()
const studio = await startStudio()
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
const shot = async (name: string) => {
  await page.evaluate('document.fonts.ready.then(() => true)')
  await page.evaluate(VISIBLE_PICTURES)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
try {
  await page.goto(studio.url)
  await page.locator('.map-picture img').first().waitFor()
  await shot('first-start')
  await page.locator('.progress-line').waitFor({ timeout: 60_000 })
  await page.locator('.sheet-of-paper[data-live=true]').waitFor({ timeout: 120_000 })
  await shot('working')
  await page.locator('.frame img').first().waitFor({ timeout: 240_000 })
  await makeSet(page, () => shot('set-working'))
  // A job that failed stays in the queue, and on the stage while it is the last one.
  await setSteps(page, 150)
  await command(page, 'generate')
  await page.locator('.sheet-of-paper[data-live=true]').waitFor({ timeout: 120_000 })
  process.kill(await studio.inference(), 'SIGKILL')
  await page.locator('.progress.failed').waitFor({ timeout: 60_000 })
  for (const theme of ['light', 'dark']) {
    await command(page, `theme-${theme}`)
    for (const language of LANGUAGES) {
      await command(page, `language-${language}`)
      const named = (name: string) => shot(`${theme}-${language}-${name}`)
      await screens(page, named)
      await sheets(page, named)
      await gallery(page, named)
      await composing(page, named)
      await states(page, named)
      await failures(page, named)
    }
  }
} finally {
  await browser.close()
  await studio.stop()
}
console.log(folder)
