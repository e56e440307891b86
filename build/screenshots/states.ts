/** Screenshots of states: comparing, missing parts, errors. */
import type { Page } from '@playwright/test'
import { command } from '../../e2e/studio.ts'
import type { Shot } from './screens.ts'

/** Paints a small set to its end, with a word that cannot be drawn left out; its words stay in the editor. */
export async function makeSet(page: Page, working: () => Promise<void>): Promise<void> {
  await command(page, 'sets')
  await page.locator('.sets textarea').first().fill('水, water\n火, fire\nlove\tлюбовь')
  await page.locator('.set-name').fill('Elements')
  await page.locator('.sets-count').waitFor()
  await page.locator('.sets-foot .primary:enabled').click()
  await page.locator('.set-pictures img').first().waitFor({ timeout: 240_000 })
  await working()
  await page.locator('.job[data-state=done]', { hasText: 'Elements' }).waitFor({ timeout: 240_000 })
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
}

export async function states(page: Page, shot: Shot): Promise<void> {
  await page.keyboard.press('c')
  await page.locator('.split-line').waitFor()
  await shot('compare')
  await page.keyboard.press('c')
  await page.keyboard.press('o')
  await page.keyboard.press('2')
  await shot('outline-and-map')
  await page.keyboard.press('o')
  await page.locator('.toolbar [aria-haspopup=dialog]').first().click()
  await page.locator('.popover.details').waitFor()
  await shot('details')
  await page.keyboard.press('Escape')
  await command(page, 'sketches')
  // Blobs are what nobody keeps.
  await page.locator('.sheet-of-paper img[src^="/blobs/"]').last().waitFor({ timeout: 120_000 })
  await shot('sketch')
  await command(page, 'sketches')
  const word = page.locator('.word-input')
  await word.fill('')
  await shot('no-word')
  const problem = await page.locator('.problem').first().textContent()
  await word.fill('\u{10FFFD}')
  // The message of the empty word stands there until the host has looked at this one.
  await page.locator('.problem', { hasNotText: problem ?? '' }).waitFor()
  await shot('missing-glyph')
  await word.fill('学习')
  await page.locator('.problem').waitFor({ state: 'detached' })
  await word.blur()
}

/** Sentences of what happened and what to do, where a designer meets them. */
export async function failures(page: Page, shot: Shot): Promise<void> {
  await page.locator('input[data-choose=style]').setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"id": 7}'),
  })
  await page.locator('.notice[data-failed=true]').waitFor()
  await shot('notice')
  await page.locator('.notice .icon-button').last().click()
  await command(page, 'sets')
  const words = page.locator('.sets textarea').first()
  const before = await words.inputValue()
  await words.fill('水\n\u{10FFFD}\n"火')
  await page.locator('.sets-problems li').first().waitFor()
  await shot('set-problems')
  await words.fill(before)
  await page.locator('.sets-count').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  await command(page, 'style-from-desk')
  await page.locator('[aria-describedby~=style-template], #style-template').first().waitFor()
  await page.locator('.style-form textarea').first().fill('A tin toy of {place} }')
  await page.locator('#style-template .problem').first().waitFor()
  await shot('style-problems')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  const dismiss = page.locator('.notice .icon-button').last()
  if (await dismiss.count()) await dismiss.click()
}
