/** Everything has its room: at every width, in every language, with high contrast and enlarged. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, fillLibrary, type Studio, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const data = mkdtempSync(join(tmpdir(), 'zihua-layout-'))
let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  await fillLibrary(data, ['学习', '山'])
  studio = await startStudio(data)
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  await expect(page.locator('.frame img')).toHaveCount(2)
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

const widthOf = async (selector: string) => (await page.locator(selector).boundingBox())?.width ?? 0

test('a panel is made wider by dragging and by keys, stays so, and goes back', async () => {
  const before = await widthOf('.compose')
  const edge = page.getByRole('separator', { name: /^Width of “Compose”/ })
  const box = await edge.boundingBox()
  if (!box) throw new Error('The edge is not on screen.')
  await page.mouse.move(box.x + 4, 400)
  await page.mouse.down()
  await page.mouse.move(box.x + 84, 400, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => widthOf('.compose')).toBeGreaterThan(before + 60)
  const dragged = await widthOf('.compose')
  await edge.press('ArrowLeft')
  await expect.poll(() => widthOf('.compose')).toBe(dragged - 16)
  await page.reload()
  await expect.poll(() => widthOf('.compose')).toBe(dragged - 16)
  await edge.dblclick()
  await expect.poll(() => widthOf('.compose')).toBe(before)
  const maps = await widthOf('.maps')
  await page.getByRole('separator', { name: /^Width of “Maps”/ }).press('ArrowLeft')
  await expect.poll(() => widthOf('.maps')).toBe(maps + 16)
  await page.getByRole('separator', { name: /^Width of “Maps”/ }).dblclick()
})

test('a wide screen gives its width to panels and maps', async () => {
  const map = await widthOf('.map-picture[data-map=canny]')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await expect.poll(() => widthOf('.map-picture[data-map=canny]')).toBeGreaterThan(map * 1.3)
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('a map is never cropped', async () => {
  for (const width of [1920, 1440, 1100, 1000]) {
    await page.setViewportSize({ width, height: 900 })
    await expect(page.locator('.map-picture img').first()).toHaveCSS('object-fit', 'contain')
    const box = await page.locator('.map-picture').first().boundingBox()
    expect(box!.x + box!.width).toBeLessThanOrEqual(width)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('collapsed styles say how many more there are, and all are seen', async () => {
  await expect(page.locator('.style')).toHaveCount(8)
  await page.getByRole('button', { name: '9 more' }).click()
  await expect(page.locator('.style')).toHaveCount(17)
  await page.getByRole('button', { name: 'Fewer' }).click()
  await expect(page.locator('.style')).toHaveCount(8)
})

test('the command palette knows styles, fonts, models and words', async () => {
  const run = async (text: string, name: string) => {
    await page.keyboard.press('Control+k')
    await page.locator('.palette-input').fill(text)
    await page.getByRole('option', { name }).click()
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
  await run('neon', 'Style: Neon')
  await expect(page.locator('.style[data-style=neon]')).toHaveAttribute('aria-checked', 'true')
  await run('ma shan', 'Font: Ma Shan Zheng')
  await expect(page.getByRole('combobox', { name: 'Font' })).toHaveValue('ma-shan-zheng')
  await page.locator('.word-input').fill('山')
  await run('学习', 'Word: 学习')
  await expect(page.locator('.word-input')).toHaveValue('学习')
})

test('the picture’s toolbar stays one line in every language', async () => {
  await page.locator('.frame').first().click()
  for (const language of ['ru', 'zh', 'en']) {
    await command(page, `language-${language}`)
    for (const width of [1440, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await expect.poll(async () => (await page.locator('.toolbar').boundingBox())?.height).toBeLessThan(60)
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

/** What a sheet shows beyond its edge, or beneath the button of a download. A string because it runs in the page. */
const CUT = `(() => {
  const sheet = document.querySelector('dialog.sheet')
  const edge = sheet.getBoundingClientRect().right + 1
  const boxOf = one => one.getBoundingClientRect()
  const buttons = [...sheet.querySelectorAll('.download-acts button')].map(boxOf)
  const lies = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  return [...sheet.querySelectorAll('p, strong, small, h3, img')]
    .filter(one => one.checkVisibility())
    .filter(one => boxOf(one).right > edge || buttons.some(button => lies(button, boxOf(one))))
    .map(one => one.textContent || one.outerHTML)
})()`

test('every sheet is seen in a narrow window too', async () => {
  for (const width of [640, 390]) {
    await page.setViewportSize({ width, height: 800 })
    for (const sheet of ['guide', 'models', 'settings', 'queue', 'sets', 'keys']) {
      await command(page, sheet)
      await expect(page.locator('dialog.sheet')).toBeVisible()
      const box = (await page.locator('dialog.sheet').boundingBox())!
      expect(box.width, sheet).toBeGreaterThan(300)
      expect(box.x + box.width, sheet).toBeLessThanOrEqual(width + 1)
      expect(await page.evaluate(CUT), sheet).toEqual([])
      await page.keyboard.press('Escape')
    }
    // The three parts of the desk stand side by side, none over another.
    const boxes = await page
      .locator('.tabs .choice-item')
      .evaluateAll(items => items.map(item => ({ ...item.getBoundingClientRect().toJSON(), needs: item.scrollWidth })))
    for (const { width: has, needs } of boxes) expect(needs).toBeLessThanOrEqual(has + 1)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('over the gallery, the three parts of a narrow window lead back to the desk', async () => {
  await page.setViewportSize({ width: 800, height: 800 })
  await command(page, 'gallery')
  const part = (name: string) => page.locator('.tabs').getByRole('radio', { name })
  await expect(part('Compose')).not.toBeChecked()
  await part('Picture').click()
  await expect(page.locator('.gallery')).toHaveCount(0)
  await expect(page.locator('.stage')).toBeVisible()
  await part('Compose').click()
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('numbers have the decimal sign of the language, and are typed with either', async () => {
  await command(page, 'language-ru')
  const strength = page.getByRole('textbox', { name: 'Края: Сила' })
  await expect(strength).toHaveValue('0,90')
  for (const typed of ['0,4', '0.5']) {
    await strength.fill(typed)
    await strength.press('Enter')
    await expect(strength).toHaveValue(`${typed.replace('.', ',')}0`)
  }
  await command(page, 'language-en')
  await expect(page.getByRole('textbox', { name: 'Edges: Strength' })).toHaveValue('0.50')
  await command(page, 'undo')
  await command(page, 'undo')
})

test('a long word is seen as a whole', async () => {
  const field = page.locator('.word-input')
  await field.fill('我们一起学习中文每天都进步')
  const { shown, needs } = await field.evaluate(({ clientHeight, scrollHeight }) => ({
    shown: clientHeight,
    needs: scrollHeight,
  }))
  expect(needs).toBeLessThanOrEqual(shown + 1)
  // Also where it is named.
  await page.getByRole('combobox', { name: 'Font' }).selectOption('')
  await field.fill('Rindfleischetikettierungsüberwachungsaufgabenübertragung')
  const warning = page.locator('.word .hint').first()
  await expect(warning).toContainText('hard to read')
  expect(await warning.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(1)
  await field.fill('学习')
})

test('a draft is marked once', async () => {
  await expect(page.locator('.desk').getByText('Draft', { exact: true })).toHaveCount(1)
})

test('high contrast keeps tracks, selection and focus; axe finds nothing', async () => {
  await page.emulateMedia({ forcedColors: 'active' })
  const outline = (selector: string) => page.locator(selector).first()
  await expect(outline('.style[aria-checked=true] img')).toHaveCSS('outline-style', 'solid')
  await expect(outline('.frame[aria-pressed=true]')).toHaveCSS('outline-style', 'solid')
  await expect(outline('.slider-track')).toHaveCSS('border-top-style', 'solid')
  await page.locator('.word-input').focus()
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toHaveCSS('outline-style', 'solid')
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ forcedColors: 'none' })
})

test('enlarged to 200 %, nothing scrolls sideways and axe finds nothing', async () => {
  // Enlarging halves the pixels that the page may use.
  await page.setViewportSize({ width: 720, height: 450 })
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(720)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 1440, height: 900 })
})
