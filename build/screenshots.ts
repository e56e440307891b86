/** `npm run screenshots [FOLDER]`: the main screens in both themes and three languages, on a studio of their own. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { CHROMIUM, CHROMIUM_ARGUMENTS, command, startStudio } from '../e2e/studio.ts'
import { ensureRenderer } from '../electron/renderer-build.ts'

const folder = resolve(process.argv[2] ?? 'out/screenshots')
const WIDTHS = [
  ['wide', 1440, 900],
  ['fold', 1100, 800],
  ['tabs', 800, 900],
] as const
const TABS = ['compose', 'stage', 'maps'] as const

mkdirSync(folder, { recursive: true })
await ensureRenderer()
const studio = await startStudio()
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
try {
  await page.goto(studio.url)
  await page.locator('.map-picture img').first().waitFor()
  await shot(page, 'first-start')
  await page.locator('.progress-line').waitFor({ timeout: 60_000 })
  await page.locator('.sheet-of-paper[data-live=true]').waitFor({ timeout: 120_000 })
  await shot(page, 'working')
  await page.locator('.frame img').first().waitFor({ timeout: 240_000 })
  await states(page)
  for (const theme of ['light', 'dark']) {
    await command(page, `theme-${theme}`)
    for (const language of ['en', 'ru', 'zh']) {
      await command(page, `language-${language}`)
      await screens(page, `${theme}-${language}`)
    }
  }
} finally {
  await browser.close()
  await studio.stop()
}
console.log(folder)

async function shot(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => true)')
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** What is told apart by its state, not by its language. */
async function states(page: Page): Promise<void> {
  await page.keyboard.press('c')
  await page.locator('.split-line').waitFor()
  await shot(page, 'compare')
  await page.keyboard.press('c')
  await page.keyboard.press('o')
  await page.keyboard.press('2')
  await shot(page, 'outline-and-map')
  await page.keyboard.press('o')
  await page.locator('.word-input').fill('')
  await shot(page, 'no-word')
  await page.locator('.word-input').fill('\u{10FFFD}')
  await page.locator('.problem').waitFor()
  await shot(page, 'missing-glyph')
  await page.locator('.word-input').fill('学习')
  await page.locator('.word-input').blur()
}

async function screens(page: Page, name: string): Promise<void> {
  for (const [kind, width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    if (kind !== 'tabs') await shot(page, `${name}-${kind}`)
    else
      for (const [at, tab] of TABS.entries()) {
        await page.locator('.tabs .choice-item').nth(at).click()
        await shot(page, `${name}-${kind}-${tab}`)
      }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  for (const sheet of ['queue', 'settings', 'keys']) {
    await command(page, sheet)
    await shot(page, `${name}-${sheet}`)
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('Control+k')
  await shot(page, `${name}-palette`)
  await page.keyboard.press('Escape')
  await command(page, 'gallery')
  await page.locator('.cell-picture img').first().waitFor()
  await shot(page, `${name}-gallery`)
  await command(page, 'gallery')
}
