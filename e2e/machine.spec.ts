/** The machine in the settings, and the memory that a picture takes, on a machine that is told to have little. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, fillLibrary, type Studio, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!existsSync('models/draft/model_index.json'), 'needs models/draft')

const data = mkdtempSync(join(tmpdir(), 'zihua-machine-'))
/** Where pictures of the screens go that somebody wants to look at. */
const shots = process.env['ZIHUA_SHOTS']
let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  await fillLibrary(data, ['学习'])
  process.env['ZIHUA_MEMORY'] = '2GB'
  studio = await startStudio(data)
  delete process.env['ZIHUA_MEMORY']
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').fill('龍')
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

/** Takes a picture of the screen by day and by night, where somebody wants one. */
async function shoot(name: string): Promise<void> {
  if (!shots) return
  for (const theme of ['light', 'dark']) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
    await page.screenshot({ path: join(shots, `${name}-${theme}.png`) })
  }
  await page.evaluate(`document.documentElement.dataset.theme = 'system'`)
}

const side = (sign: string) => page.getByRole('textbox', { name: `Size: ${sign}` })
async function size(pixels: number): Promise<void> {
  for (const sign of ['↔', '↕']) {
    await side(sign).fill(String(pixels))
    await side(sign).press('Enter')
  }
}

test('the desk tells what the picture takes of memory', async () => {
  await expect(page.locator('.picture-memory .hint')).toHaveText(/^Takes 0\.\d GB of [\d.]+ GB memory\.$/)
  await expect(page.getByRole('img', { name: /^Memory: other programs/ })).toBeVisible()
  await shoot('memory-fits')
})

test('what does not fit says so, and what would; an offer is taken by a click', async () => {
  await size(3072)
  await expect(page.locator('.picture-memory .problem')).toHaveText(/^Needs about [\d.]+ GB of memory/)
  await expect(page.getByRole('button', { name: 'Try it anyway' })).toBeVisible()
  expect(await violations(page, '.picture-memory')).toEqual([])
  await shoot('memory-short')
  const offer = page.locator('.offers button', { hasText: '×' })
  const [, width] = /(\d+)×/.exec((await offer.textContent()) ?? '')!
  await offer.click()
  await expect(side('↔')).toHaveValue(width)
  await expect(page.locator('.picture-memory .hint')).toHaveText(/^Takes/)
  await size(512)
})

test('the settings tell what computes, and follow what is chosen', async () => {
  await command(page, 'settings')
  const machine = page.locator('.machine')
  await expect(machine.getByText('in use')).toBeVisible()
  await expect(machine.getByRole('radio', { name: /^Processor/ })).toBeVisible()
  await machine.getByRole('button', { name: 'Test all again' }).click()
  await expect(machine.locator('.provider', { hasText: 'Processor' })).toContainText('computes what it should')
  await machine.getByRole('button', { name: 'Measure a step' }).click()
  await expect(machine.getByRole('button', { name: 'Measuring… Stop' })).toBeVisible()
  await expect(machine.getByRole('button', { name: 'Measure a step' })).toBeVisible({ timeout: 120_000 })
  await expect(machine.locator('.provider', { hasText: 'Processor' })).toContainText(/[\d.]+ s a step at 512×512/)
  expect(await violations(page, '.machine')).toEqual([])
  await shoot('machine')
  await machine.getByRole('combobox').selectOption('cpu-small')
  await expect(machine.getByText(/^Weights stay in their files/)).toBeVisible()
  await machine.locator('.operations').or(machine.locator('.idle')).first().scrollIntoViewIfNeeded()
  await shoot('machine-lower')
  // The same in the other languages, for whoever wants to look.
  for (const name of shots ? ['Русский', '简体中文', 'English'] : []) {
    await page.getByText(name, { exact: true }).click()
    await page.locator('.machine').evaluate('element => element.scrollIntoView()')
    await shoot(`machine-${name}`)
  }
  await machine.getByRole('combobox').selectOption('auto')
})
