/** An image set on a real host and a real model: from a pasted word list to a folder that agrees with its manifest. */
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import { verifySet } from '../core/sets/verify.ts'
import { CHROMIUM, command, dropFile, hasModel, type Studio, setSteps, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext()
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  // The first picture of an empty studio would run before the set.
  await expect(page.locator('.progress')).toBeVisible()
  await page.keyboard.press('Escape')
  await setSteps(page, 2)
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

const field = (name: string | RegExp) => page.locator('.sets').getByRole('textbox', { name, exact: true })
const start = () => page.locator('.sets').getByRole('button', { name: /^Start/ })
const figures = () => page.locator('.sets-figures')
const job = (name: string) => page.locator('.job', { hasText: name })
const thumbnails = () => page.locator('.set-pictures img')
const folderOf = (name: string) => join(studio.data, 'sets', name)

async function openEditor(): Promise<void> {
  await command(page, 'sets')
  await expect(field('Words')).toBeFocused()
}

async function isShown(image: Locator): Promise<void> {
  await expect.poll(() => image.evaluate(node => (node as { naturalWidth?: number }).naturalWidth)).toBeGreaterThan(0)
}

test('a word list is read line by line, and what it will be is told before it starts', async () => {
  await page.getByRole('button', { name: 'Image set' }).click()
  await expect(field('Words')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.locator('.sets')).toHaveCount(0)
  // The focus is on the button again: Escape leaves it, and letters are shortcuts.
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await expect(field('Words')).toBeFocused()
  await expect(start()).toBeDisabled()
  await field('Words').fill('水, water\n\u{10FFFD}\nlove\tлюбовь')
  await expect(page.locator('.sets-problems')).toContainText('Line 2: No outline for \u{10FFFD} (U+10FFFD)')
  await expect(start()).toBeDisabled()
  await page.getByRole('button', { name: 'Leave these lines out' }).click()
  await expect(page.locator('.sets-problems')).toBeEmpty()
  await field('Name').fill('Lesson 1')
  await page.getByRole('checkbox', { name: 'Neon' }).check()
  await field('Sizes').fill('256 x 256, wide')
  await expect(page.getByText('“wide” is not understood.')).toBeVisible()
  await expect(start()).toBeDisabled()
  await field('Sizes').fill('256 x 256')
  await expect(figures()).toContainText('2 pictures')
  await expect(figures()).toContainText(/up to \d/)
  await expect(figures()).toContainText('001-水-neon-1.png')
  await expect(field('Folder')).toHaveAttribute('placeholder', folderOf('Lesson 1'))
  await expect(start()).toBeEnabled()
})

test('a text that is selected beyond the edge of the sheet leaves it open; a click beside it closes it', async () => {
  const words = (await field('Words').boundingBox())!
  await page.mouse.move(words.x + 60, words.y + 20)
  await page.mouse.down()
  await page.mouse.move(10, words.y + 20, { steps: 4 })
  await page.mouse.up()
  await expect(page.locator('.sets')).toBeVisible()
  await page.mouse.click(10, words.y + 20)
  await expect(page.locator('.sets')).toHaveCount(0)
  await command(page, 'sets')
})

test('lines that are left out are those that are wrong, and come back', async () => {
  const before = await field('Words').inputValue()
  const wrong = 'one, 1\n"two, 2\nthree, 3\nfour, 4\nfive, 5'
  await field('Words').fill(wrong)
  await expect(page.locator('.sets-problems')).toContainText('Line 2: a quotation mark is not closed')
  await page.getByRole('button', { name: 'Leave these lines out' }).click()
  await expect(field('Words')).toHaveValue('one, 1\nthree, 3\nfour, 4\nfive, 5')
  await expect(page.locator('.sets-problems')).toBeEmpty()
  await expect(page.locator('.notice')).toContainText('1 line left out.')
  await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
  await expect(field('Words')).toHaveValue(wrong)
  await page.getByRole('button', { name: 'Leave these lines out' }).click()
  await field('Words').press('Control+z')
  await expect(field('Words')).toHaveValue(wrong)
  await field('Words').fill(before)
})

test('a list that takes the place of another is told and taken back; an empty one is refused', async () => {
  const before = await field('Words').inputValue()
  await dropFile(page, '.sets', 'empty.csv', 'text/csv', '')
  await expect(figures()).toContainText('There is no word in empty.csv, so your list stays: open another file.')
  await expect(field('Words')).toHaveValue(before)
  await dropFile(page, '.sets', 'other.csv', 'text/csv', 'word,translation\n大,big')
  await expect(field('Words')).toHaveValue('大, big')
  await expect(figures()).not.toContainText('empty.csv')
  await expect(page.locator('.notice')).toContainText('List replaced.')
  await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
  await expect(field('Words')).toHaveValue(before)
  await expect(field('Name')).toHaveValue('Lesson 1')
})

test('a wrong SET.json on the desk says so in the sheet that opens, and goes on saying it', async () => {
  await page.keyboard.press('Escape')
  await expect(page.locator('.sets')).toHaveCount(0)
  await dropFile(page, '.desk', 'wrong.json', 'application/json', '{"words": 1}')
  // The plan of the list that stayed comes after it.
  await expect(figures()).toContainText('2 pictures')
  await expect(figures()).toContainText('wrong.json: "words"')
  await expect(start()).toBeEnabled()
})

test('an invalid template is reported at once; fields are written by their buttons', async () => {
  await field('File names').fill('{nothing}')
  await expect(page.locator('#set-names')).toHaveText(/^\{nothing\} is not known/)
  await expect(field('File names')).toHaveAttribute('aria-invalid', 'true')
  await field('File names').fill('-')
  await field('File names').press('Home')
  await page.getByRole('button', { name: 'Insert Pinyin' }).click()
  await field('File names').press('End')
  await page.getByRole('button', { name: 'Insert Number' }).click()
  await expect(field('File names')).toHaveValue('{pinyin}-{index:3}')
  await expect(page.locator('#set-names')).toHaveText(/^shuǐ-001\.png\s+002\.png$/)
})

test('what was typed outlives a reload', async () => {
  await page.reload()
  await page.locator('.word-input').waitFor()
  await openEditor()
  await expect(field('Words')).toHaveValue('水, water\nlove\tлюбовь')
  await expect(field('Name')).toHaveValue('Lesson 1')
  await expect(page.getByRole('checkbox', { name: 'Neon' })).toBeChecked()
  await expect(figures()).toContainText('shuǐ-001.png')
})

test('it is made, shown while it is made, and lies in its folder as its manifest says', async () => {
  // Wherever the focus is; on the desk the same keys generate a picture.
  await page.evaluate('document.activeElement.blur()')
  await page.keyboard.press('Control+Enter')
  await expect(job('Lesson 1')).toContainText(/\d of 2/)
  await expect(thumbnails()).toHaveCount(2)
  await expect(page.locator('.set-pictures img[alt$=", Neon"]')).toHaveCount(2)
  for (const image of await thumbnails().all()) await isShown(image)
  await expect(job('Lesson 1')).toHaveAttribute('data-state', 'done')
  const folder = folderOf('Lesson 1')
  await expect(page.locator('.set-folder')).toContainText(folder)
  expect(await verifySet(folder)).toMatchObject({ ok: true, missing: [], changed: [], extra: [] })
  const manifest = JSON.parse(await readFile(join(folder, 'set.json'), 'utf8'))
  expect(manifest.pictures).toMatchObject([
    { word: '水', translation: 'water', request: { style: 'neon', width: 256, steps: 2, seed: 1 } },
    { word: 'love', translation: 'любовь' },
  ])
  await page.keyboard.press('Escape')
})

test('one is stopped half-way and goes on; what is done is not made again', async () => {
  await openEditor()
  await field('Name').fill('Lesson 2')
  await field('Words').fill('火')
  await field('Seeds: A number').fill('8')
  await field('Seeds: A number').press('Enter')
  await expect(figures()).toContainText('8 pictures')
  await start().click()
  await expect(thumbnails().first()).toBeVisible()
  await page.getByRole('button', { name: 'Lesson 2: Cancel' }).click()
  await expect(job('Lesson 2')).toHaveAttribute('data-state', 'cancelled')
  const made = Number(/(\d+) of 8/.exec((await job('Lesson 2').textContent()) ?? '')?.[1])
  expect(made).toBeLessThan(8)
  await expect(thumbnails()).toHaveCount(made)
  // Several are made at a time, so any of them may be the first.
  const folder = folderOf('Lesson 2')
  const pictures = (await readdir(folder)).filter(name => name.endsWith('.png'))
  expect(pictures).toHaveLength(made)
  const times = () => Promise.all(pictures.map(async name => (await stat(join(folder, name))).mtimeMs))
  const before = await times()
  await page.reload()
  await page.locator('.word-input').waitFor()
  await command(page, 'queue')
  await page.getByRole('button', { name: 'Lesson 2: Go on' }).click()
  await page.getByRole('button', { name: 'Lesson 2: Pictures and failures' }).click()
  await expect(job('Lesson 2')).toHaveAttribute('data-state', 'done')
  await expect(thumbnails()).toHaveCount(8)
  expect(await verifySet(folder)).toMatchObject({ ok: true })
  expect(await times()).toEqual(before)
  await page.keyboard.press('Escape')
})

test('failures are foretold, listed with their reasons, and tried again alone', async () => {
  await openEditor()
  await field('Name').fill('Lesson 3')
  await field('Seeds: A number').fill('1')
  await field('Sizes').fill('100 x 100, 256 x 256')
  await expect(figures()).toContainText('1 picture would fail: "width" is 100')
  await start().click()
  await expect(job('Lesson 3')).toHaveAttribute('data-state', 'done')
  await expect(job('Lesson 3')).toContainText('1 of 2, 1 failed')
  await expect(page.locator('.set-failures')).toContainText('1, 火: "width" is 100')
  await page.getByRole('button', { name: 'Try 1 failure again' }).click()
  await expect(job('Lesson 3')).toContainText('1 of 2, 1 failed')
  await expect(thumbnails()).toHaveCount(1)
  await page.keyboard.press('Escape')
})

test('a SET.json is opened by a picker and by a drop, and saved', async () => {
  await openEditor()
  const set = { name: 'Opened', words: ['山', { word: '水', translation: 'water', seed: 5 }], styles: ['oil'] }
  const more = { seeds: [3, 4], formats: ['webp'], matrix: { x: { field: 'controls.canny.weight', values: [0.2, 1] } } }
  const file = {
    name: 'SET.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ ...set, ...more })),
  }
  await page.locator('.sets input[type=file]').setInputFiles(file)
  await expect(field('Name')).toHaveValue('Opened')
  await expect(field('Words')).toHaveValue('word,translation,seed\n山,,\n水,water,5')
  await expect(figures()).toContainText('6 pictures')
  await expect(field(/Across: Values/)).toHaveValue('0.2, 1')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as SET.json' }).click()
  const saved = JSON.parse(await readFile(await (await download).path(), 'utf8'))
  expect(saved).toMatchObject({ name: 'Opened', styles: ['oil'], ...more })
  await dropFile(page, '.sets', 'lesson 9.csv', 'text/csv', 'word,translation\n大,big')
  await expect(field('Name')).toHaveValue('lesson 9')
  await expect(field('Words')).toHaveValue('大, big')
  await dropFile(page, '.sets', 'wrong.json', 'application/json', '{"words": 1}')
  await expect(figures()).toContainText('wrong.json: "words"')
  await expect(field('Words')).toHaveValue('大, big')
  await page.keyboard.press('Escape')
})

for (const theme of ['light', 'dark'])
  test(`axe finds nothing, theme ${theme}`, async () => {
    await command(page, `theme-${theme}`)
    await openEditor()
    // Colours change over some frames.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await expect(page.locator('.sets-more')).toHaveAttribute('open', '')
    expect(await violations(page, 'dialog')).toEqual([])
    await field('Words').fill('\u{10FFFD}')
    await expect(page.locator('.sets-problems')).not.toBeEmpty()
    expect(await violations(page, 'dialog')).toEqual([])
    await field('Words').fill('大, big')
    await page.keyboard.press('Escape')
    await command(page, 'queue')
    // The set that was opened last stays open.
    await expect(page.locator('.set-failures')).toBeVisible()
    expect(await violations(page, 'dialog')).toEqual([])
    await page.keyboard.press('Escape')
  })
