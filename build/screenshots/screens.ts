/** Screenshots of screens: the desk at three widths, each sheet, the palette, the gallery. */
import type { Page } from '@playwright/test'
import { command } from '../../e2e/studio.ts'

/** Takes a screenshot under a name. */
export type Shot = (name: string) => Promise<void>

const WIDTHS = [
  ['wide', 1440, 900],
  ['fold', 1100, 800],
  ['tabs', 800, 900],
] as const
const TABS = ['compose', 'stage', 'maps'] as const

export async function screens(page: Page, shot: Shot): Promise<void> {
  for (const [kind, width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    if (kind !== 'tabs') await shot(kind)
    else
      for (const [at, tab] of TABS.entries()) {
        await page.locator('.tabs .choice-item').nth(at).click()
        await shot(`${kind}-${tab}`)
      }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

export async function sheets(page: Page, shot: Shot): Promise<void> {
  for (const sheet of ['queue', 'settings', 'status', 'keys', 'sets', 'style-from-desk']) {
    await command(page, sheet)
    if (sheet === 'sets') await page.locator('.sets-count').waitFor()
    if (sheet === 'status') await page.locator('.status-facts').waitFor()
    if (sheet === 'queue') await page.locator('.job').first().waitFor()
    await shot(sheet)
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('Control+k')
  await shot('palette')
  await page.keyboard.press('Escape')
  for (const map of ['canny', 'segmentation']) {
    await page.locator(`.map-picture[data-map=${map}]`).click()
    await page.locator('dialog img').first().waitFor()
    await shot(`map-${map}`)
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
}

/** The canvas of blocks, and a part of a picture that is painted again. */
export async function composing(page: Page, shot: Shot): Promise<void> {
  await command(page, 'canvas')
  await page.locator('.block-shape').first().waitFor()
  await shot('canvas')
  await command(page, 'canvas')
  await page.locator('.blocks-editor').waitFor({ state: 'detached' })
  await page.locator('.frame').first().click()
  await command(page, 'repaint')
  await page.locator('[data-part]').first().waitFor({ timeout: 60_000 })
  await shot('repaint')
  await command(page, 'repaint')
  await page.locator('[data-part]').first().waitFor({ state: 'detached' })
}

export async function gallery(page: Page, shot: Shot): Promise<void> {
  await command(page, 'gallery')
  await page.locator('.cell-picture img').first().waitFor()
  await shot('gallery')
  await page.keyboard.press('Control+a')
  await shot('gallery-selected')
  await page.keyboard.press('Escape')
  await page.locator('.cell').first().hover()
  await page.locator('.cell-menu .icon-button').first().click()
  await shot('picture-menu')
  await page.keyboard.press('Escape')
  await page.locator('.gallery .search').fill('nowhere')
  await page.locator('.gallery-empty').waitFor()
  await shot('gallery-empty')
  await page.locator('.gallery .search').fill('')
  await page.locator('.cell-picture img').first().waitFor()
  await command(page, 'gallery')
}
