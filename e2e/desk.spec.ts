/** Nothing is done that was not meant, and nothing that was made is lost. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { decompress } from 'wawoff2'
import { CHROMIUM, command, dropFile, fillLibrary, hasModel, type Studio, setSteps, startStudio } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

const data = mkdtempSync(join(tmpdir(), 'zihua-desk-'))
let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  await fillLibrary(data, ['学习'])
  studio = await startStudio(data)
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  await expect(frames()).toHaveCount(1)
  await setSteps(page, 2)
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

const frames = () => page.locator('.frame img')
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const style = (id: string) => page.locator(`.style[data-style="${id}"]`)
const working = () => page.getByRole('progressbar')
const notice = () => page.locator('.notice')

test('“Edit” puts the focus into the prompt, and a sentence typed there stays there', async () => {
  await button('Prompt: Edit').click()
  await expect(field('Prompt')).toBeFocused()
  await page.keyboard.type(' grass and sky, quick. ')
  await expect(field('Prompt')).toHaveValue(/ grass and sky, quick\. $/)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('.gallery')).toHaveCount(0)
})

test('letters are shortcuts on the picture, the strip and nothing, not on the controls of a panel', async () => {
  const rest = (): Promise<void> => page.evaluate('document.activeElement.blur()')
  await button('Keep the seed').focus()
  await page.keyboard.type('sgq')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('.gallery')).toHaveCount(0)
  await rest()
  await page.keyboard.press('q')
  await expect(page.getByRole('dialog')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('.frame').first().focus()
  await page.keyboard.press('o')
  await expect(button('Outline of the word')).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('o')
  await rest()
})

test('a prompt by hand that outlives its word or style says so, and is built again with one press', async () => {
  await expect(page.locator('.prompt-old')).toHaveCount(0)
  await style('neon').click()
  await expect(page.locator('.prompt-old')).toContainText('The style’s is not used')
  await button('Build it again').click()
  await expect(page.locator('.prompt-old')).toHaveCount(0)
  await expect(page.locator('.prompt').first()).toContainText('neon')
  await page.keyboard.press('Control+z')
  await expect(field('Prompt')).toHaveValue(/grass and sky/)
  await page.keyboard.press('Control+z')
  await expect(page.locator('.prompt-old')).toHaveCount(0)
  await button('Prompt: Back to the style’s').click()
  await style('comic').click()
})

test('Ctrl+Enter generates wherever the focus is, also over a sheet', async () => {
  await page.getByRole('combobox', { name: 'Edges: Method' }).focus()
  await page.keyboard.press('Control+Enter')
  await expect(frames()).toHaveCount(2)
  await command(page, 'settings')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Escape')
  await expect(frames()).toHaveCount(3)
  await field('Word').fill('')
  await page.keyboard.press('Control+Enter')
  await expect(notice()).toContainText('Type a word')
  await field('Word').fill('学习')
})

test('Escape leaves a field first; a cancelled picture goes on from its notice', async () => {
  await setSteps(page, 60)
  await field('Word').press('Control+Enter')
  await expect(working()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(field('Word')).not.toBeFocused()
  await expect(working()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(working()).toHaveCount(0)
  await expect(notice()).toContainText('is cancelled')
  await notice().getByRole('button', { name: 'Go on' }).click()
  await expect(working()).toBeVisible()
})

test('while a picture grows, no stars and no score stand beside it', async () => {
  await expect(page.locator('.progress [role=status]')).toHaveText(/Step \d+ of 60/)
  await expect(page.locator('.sheet-of-paper[data-live=true]')).toBeVisible()
  await expect(page.locator('.toolbar .rating')).toHaveCount(0)
  await expect(page.locator('.toolbar .score')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(working()).toHaveCount(0)
  await expect(page.locator('.toolbar .rating')).toBeVisible()
  await setSteps(page, 2)
})

test('a word that cannot be written keeps no other word’s maps', async () => {
  await expect(page.locator('.map-picture img')).toHaveCount(4)
  await field('Word').fill('\u{10FFFD}')
  await expect(page.locator('.map-picture img')).toHaveCount(0)
  await expect(page.locator('.map-empty').first()).toHaveText('No map: the word cannot be written.')
  await expect(page.locator('.live-glyph')).toHaveCount(0)
  await field('Word').fill('学习')
  await expect(page.locator('.map-picture img')).toHaveCount(4)
})

test('maps that are being drawn are not said to wait for a word', async () => {
  const empty = page.locator('.map-empty').first()
  const { promise: later, resolve: goOn } = Promise.withResolvers<void>()
  await page.route('**/rpc/maps/preview', route => later.then(() => route.continue()))
  await field('Word').fill('')
  await expect(empty).toHaveText('The map stands here once a word does.')
  await field('Word').fill('山')
  await expect(empty).toHaveText('')
  goOn()
  await expect(page.locator('.map-picture img')).toHaveCount(4)
  await page.unroute('**/rpc/maps/preview')
  await field('Word').fill('学习')
})

test('a style shows its own sample until a picture is pinned to it', async () => {
  const sample = style('comic').locator('img')
  await expect(sample).toHaveAttribute('src', './styles/comic.webp')
  const pick = async (item: string) => {
    await button('More about this picture').click()
    await page.getByRole('menuitem', { name: item }).press('Enter')
  }
  await pick('Show it as its style’s picture')
  await expect(sample).toHaveAttribute('src', /^\/thumbnails\//)
  await page.reload()
  await expect(sample).toHaveAttribute('src', /^\/thumbnails\//)
  await page.locator('.frame').first().click()
  await pick('Give the style its own picture back')
  await expect(sample).toHaveAttribute('src', './styles/comic.webp')
})

test('what cannot work is not offered: networks that are not installed', async () => {
  await expect(page.getByRole('option', { name: 'Depth network (not installed)' })).toHaveJSProperty('disabled', true)
  await expect(page.getByRole('option', { name: 'Segment network (not installed)' })).toHaveJSProperty('disabled', true)
})

test('a font tells what it lacks; one of one’s own is added by button and by drop, and taken away', async () => {
  const font = page.getByRole('combobox', { name: 'Font', exact: true })
  await font.focus()
  await expect(font.locator('option', { hasText: /^Lobster — lacks 2 characters$/ })).toHaveCount(1)
  await expect(font.locator('option', { hasText: /^Ma Shan Zheng$/ })).toHaveCount(1)
  const lao = join(data, 'Lao.ttf')
  writeFileSync(lao, await unpacked('noto-sans-lao'))
  await page.locator('input[type=file][accept^=".ttf"]').setInputFiles(lao)
  await expect(notice()).toContainText('The word is written in Noto Sans Lao now.')
  await expect(font).toHaveValue('Noto Sans Lao')
  await expect(page.locator('.maps')).toContainText('the word cannot be written')
  await button('Take Noto Sans Lao out of the studio').click()
  await expect(font).toHaveValue('')
  await expect(font.locator('option', { hasText: 'Noto Sans Lao' })).toHaveCount(0)
  const khmer = (await unpacked('noto-sans-khmer')).toString('base64')
  await dropFile(page, 'body', 'Khmer.ttf', 'font/ttf', `data:font/ttf;base64,${khmer}`)
  await expect(font).toHaveValue('Noto Sans Khmer')
  await button('Take Noto Sans Khmer out of the studio').click()
  await dropFile(page, 'body', 'no-font.ttf', 'font/ttf', 'This is no font, whatever its name says.')
  await expect(notice().last()).toContainText('"no-font.ttf" is not a font.')
})

test('a style of one’s own says at Generate what the draft makes of it', async () => {
  await expect(page.locator('.compose .obstacle')).toHaveCount(0)
  await button('More about styles').click()
  await page.getByRole('menuitem', { name: 'Duplicate this style' }).press('Enter')
  await expect(page.locator('.style-form')).toContainText('Not for Draft')
  await page.keyboard.press('Control+s')
  await expect(page.locator('.style-form')).toHaveCount(0)
  await expect(page.locator('.compose .obstacle')).toContainText('Draft knows its own 17 styles')
  await style('comic').click()
  await expect(page.locator('.compose .obstacle')).toHaveCount(0)
})

test('a notice covers nothing and goes by itself', async () => {
  await page.clock.install()
  await page.locator('.toolbar').getByRole('button', { name: 'Move to trash' }).click()
  await expect(notice()).toContainText('1 picture in the trash')
  const [top, bar] = [await notice().boundingBox(), await page.locator('.top').boundingBox()]
  expect(top!.y).toBeGreaterThanOrEqual(bar!.y)
  expect(top!.y + top!.height).toBeLessThanOrEqual(bar!.y + bar!.height)
  await notice().getByRole('button', { name: 'Undo' }).click()
  await page.locator('.toolbar').getByRole('button', { name: 'Move to trash' }).click()
  await expect(notice()).toBeVisible()
  await page.mouse.move(5, 500)
  await page.clock.fastForward(60_000)
  await expect(notice()).toHaveCount(0)
})

test('a paused queue is told where one waits, and goes on from there', async () => {
  await expect(working()).toHaveCount(0, { timeout: 60_000 })
  await command(page, 'queue')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.keyboard.press('Escape')
  await command(page, 'generate')
  await expect(page.locator('.progress')).toContainText('The queue is paused')
  await page.locator('.progress').getByRole('button', { name: 'Go on' }).click()
  await expect(page.locator('.progress')).not.toContainText('The queue is paused')
  await expect(working()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(working()).toHaveCount(0)
})

test('undo survives a reload', async () => {
  await field('Word').fill('山')
  await field('Word').blur()
  await style('neon').click()
  await page.reload()
  await expect(field('Word')).toHaveValue('山')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(field('Word')).toHaveValue('学习')
  await page.keyboard.press('Control+Shift+Z')
  await expect(field('Word')).toHaveValue('山')
  await page.reload()
  await expect(field('Word')).toHaveValue('山')
  await page.keyboard.press('Control+Shift+Z')
  await expect(style('neon')).toHaveAttribute('aria-checked', 'true')
})

test('after a restart an old tab says which address to open, and goes on once that was opened', async () => {
  const port = Number(new URL(studio.url).port)
  await studio.stop()
  await expect(page.locator('.lost')).toContainText('does not answer')
  studio = await startStudio(data, port)
  await expect(page.locator('.lost')).toContainText(`http://127.0.0.1:${port}/?token=`)
  const other = await context.newPage()
  await other.goto(studio.url)
  await other.locator('.word-input').waitFor()
  await other.close()
  await expect(page.locator('.lost')).toHaveCount(0)
})

/** A font that the studio does not bring, as its maker publishes it. */
async function unpacked(id: string): Promise<Buffer> {
  const folder = dirname(createRequire(import.meta.url).resolve(`@fontsource-variable/${id}/package.json`))
  const script = id.split('-').at(-1)
  return Buffer.from(await decompress(readFileSync(join(folder, `files/${id}-${script}-wght-normal.woff2`))))
}
