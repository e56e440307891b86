/** The story of a composition: two words and a motif placed, one bent, a line drawn, painted. */
import { existsSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, complaintsOf, hasModel, type Studio, setSteps, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let context: BrowserContext
let page: Page
let complaints: string[]

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
  await expect(page.locator('.score')).toBeVisible({ timeout: 60_000 })
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

const shape = (kind: string) => page.locator(`.block-shape[data-kind=${kind}]`)
/** Photographs where a folder for them is named. */
const photograph = async (name: string) => {
  const folder = process.env['ZIHUA_PHOTOGRAPHS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

test('motifs of the meaning are offered, and set around the word', async () => {
  await page.getByRole('textbox', { name: 'Word', exact: true }).fill('猫')
  await expect(page.getByRole('button', { name: 'cat', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Corners' }).click()
  await expect(shape('motif')).toHaveCount(4)
  await expect(shape('word')).toHaveCount(1)
  await expect(page.locator('.map-picture[data-map=canny] img')).toBeVisible()
  await photograph('motifs')
})

test('one key takes the motifs away and brings them back', async () => {
  await command(page, 'motifs')
  await expect(shape('motif')).toHaveCount(0)
  await command(page, 'motifs')
  await expect(shape('motif')).toHaveCount(4)
})

test('a second word is moved by keys and by the pointer, bent and turned', async () => {
  await page.getByRole('button', { name: 'Another word' }).click()
  await expect(shape('word')).toHaveCount(2)
  const text = page.getByRole('textbox', { name: 'Text' })
  await text.fill('cat')
  const word = page.getByRole('button', { name: 'Word: cat' })
  await expect(word).toBeVisible()
  const at = (label: string) => page.getByRole('textbox', { name: label, exact: true })
  await word.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(at('Across')).toHaveValue('0.48')
  await page.keyboard.press('.')
  await expect(at('Turned')).toHaveValue('5')
  await page.keyboard.press('Control+z')
  await expect(at('Turned')).toHaveValue('0')
  const box = (await word.boundingBox())!
  // Where the letter c has ink.
  const grip = { x: box.x + 6, y: box.y + box.height / 2 }
  await page.mouse.move(grip.x, grip.y)
  await page.mouse.down()
  await page.mouse.move(grip.x + 60, grip.y - 20, { steps: 5 })
  await page.mouse.up()
  await expect(at('Across')).not.toHaveValue('0.48')
  await page.getByRole('slider', { name: 'Bend' }).focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowUp')
  await expect(at('Angle')).toHaveValue('60')
  await photograph('bent')
})

test('a line is drawn by hand, erased and brought back', async () => {
  await page.getByRole('radio', { name: 'Draw by hand' }).click()
  const paper = (await page.locator('.sheet-of-paper').boundingBox())!
  await page.mouse.move(paper.x + paper.width * 0.2, paper.y + paper.height * 0.92)
  await page.mouse.down()
  await page.mouse.move(paper.x + paper.width * 0.5, paper.y + paper.height * 0.96, { steps: 8 })
  await page.mouse.move(paper.x + paper.width * 0.8, paper.y + paper.height * 0.92, { steps: 8 })
  await page.mouse.up()
  await expect(shape('drawing')).toHaveCount(1)
  const whole = (await shape('drawing').getAttribute('d'))!
  await page.getByRole('radio', { name: 'Eraser' }).click()
  await page.mouse.move(paper.x + paper.width * 0.5, paper.y + paper.height * 0.9)
  await page.mouse.down()
  await page.mouse.move(paper.x + paper.width * 0.5, paper.y + paper.height * 0.99, { steps: 12 })
  await page.mouse.up()
  await expect(shape('drawing')).not.toHaveAttribute('d', whole)
  await page.keyboard.press('Control+z')
  await expect(shape('drawing')).toHaveAttribute('d', whole)
  await page.getByRole('radio', { name: 'Move' }).click()
  await photograph('drawn')
  expect(await violations(page)).toEqual([])
})

test('it is painted, and its settings come back', async () => {
  await setSteps(page, 4)
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.frame img')).toHaveCount(2, { timeout: 60_000 })
  await command(page, 'canvas')
  await expect(page.locator('.blocks-editor')).toHaveCount(0)
  await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('alt', /^猫/)
  await page.getByRole('textbox', { name: 'Word', exact: true }).fill('山')
  await command(page, 'reuse')
  await expect(page.locator('.blocks-list li')).toHaveCount(7)
  await photograph('painted')
  // Chromium asks for it by itself.
  expect(complaints.filter(text => !/404 .*\/favicon\.ico$|409 .*\/rpc\/maps\/preview$/.test(text))).toEqual([])
})
