/** One story on a real host and a real model: from a typed word to a rated picture in the gallery, and back. */
import { existsSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, complaintsOf, hasModel, type Studio, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let context: BrowserContext
let page: Page
let complaints: string[]

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  // axe opens a page of its own, which a page without a context of ours does not allow.
  context = await browser.newContext()
  page = await context.newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

const wordField = () => page.getByRole('textbox', { name: 'Word', exact: true })
const map = (name: string) => page.locator(`.map-picture[data-map=${name}] img`)
const frames = () => page.locator('.frame img')

test('the first word is painted without being asked', async () => {
  await expect(wordField()).toHaveValue('学习')
  await expect(page.locator('.word .pinyin')).toHaveText('xué xí')
  await expect(page.getByRole('textbox', { name: 'Meaning' })).toHaveValue(/learn|study/)
  for (const name of ['canny', 'depth', 'segmentation', 'scribble']) await expect(map(name)).toBeVisible()
  await expect(frames()).toHaveCount(1)
  await expect(page.locator('.score')).toHaveText(/Read as 学习 · \d+ %/)
})

test('one line beside the first draft says how to get SDXL, until it is closed', async () => {
  const line = page.locator('.strip-line')
  await line.getByRole('button', { name: 'How to get SDXL' }).click()
  await expect(page.getByRole('dialog')).toContainText('There SDXL is fetched for full pictures')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await line.getByRole('button', { name: 'Close' }).click()
  await expect(line).toHaveCount(0)
  await page.reload()
  await expect(page.locator('.score')).toBeVisible()
  await expect(line).toHaveCount(0)
})

test('maps are redrawn as one types, and a word without outlines says why', async () => {
  const before = await map('canny').getAttribute('src')
  await wordField().fill('山')
  await expect(map('canny')).not.toHaveAttribute('src', before ?? '')
  await expect(page.getByRole('textbox', { name: 'Meaning' })).toHaveValue(/mountain/)
  await wordField().fill('\u{10FFFD}')
  await expect(page.locator('.problem')).toContainText('U+10FFFD')
  await expect(page.getByRole('button', { name: /^Generate/ })).toBeDisabled()
  await wordField().fill('山')
  await expect(page.locator('.problem')).toHaveCount(0)
})

test('a slider commits once, can be typed, undone and redone', async () => {
  const strength = page.getByRole('textbox', { name: 'Edges: Strength' })
  await strength.fill('0.4')
  await strength.press('Enter')
  await expect(page.locator('.fused')).toContainText('1.90')
  await page.getByRole('slider', { name: 'Edges: Strength' }).press('ArrowRight')
  await expect(strength).toHaveValue('0.45')
  await page.keyboard.press('Control+z')
  await expect(strength).toHaveValue('0.40')
  await page.keyboard.press('Control+z')
  await expect(strength).toHaveValue('0.90')
  await page.keyboard.press('Control+Shift+Z')
  await expect(strength).toHaveValue('0.40')
})

test('generate, watch it grow, rate it, find it in the gallery', async () => {
  // Few steps: the picture's quality does not matter here.
  const steps = page.getByRole('textbox', { name: 'Steps' })
  await steps.fill('4')
  await steps.press('Enter')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.locator('.progress [role=status]')).toHaveText(/Step \d+ of \d+/)
  await expect(frames()).toHaveCount(2)
  await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('alt', /^山/)
  await page.locator('.toolbar').getByRole('button', { name: '4 stars' }).click()
  await command(page, 'gallery')
  await page.getByRole('combobox', { name: 'Rating' }).selectOption('4')
  await expect(page.getByRole('article')).toHaveCount(1)
  await page.getByRole('searchbox').fill('nothing like this')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.getByRole('searchbox').fill('山')
  await page.getByRole('button', { name: /^Show: 山/ }).click()
  await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('alt', /^山/)
})

test('settings come back from a picture, and from its file', async () => {
  await wordField().fill('水')
  await page.getByRole('button', { name: 'Use these settings' }).click()
  await expect(wordField()).toHaveValue('山')
  await expect(page.getByRole('textbox', { name: 'Edges: Strength' })).toHaveValue('0.40')
  await page.keyboard.press('Control+z')
  await expect(wordField()).toHaveValue('水')
  const url = await page.locator('.sheet-of-paper img').last().getAttribute('src')
  await drop(page, url ?? '')
  await expect(wordField()).toHaveValue('山')
  await expect(page.locator('.notice')).toContainText('picture.png')
  await page.getByRole('button', { name: 'Dismiss' }).click()
})

test('a picture goes to the trash and comes back', async () => {
  await page.locator('.toolbar').getByRole('button', { name: 'Move to trash' }).click()
  await expect(frames()).toHaveCount(1)
  await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
  await expect(frames()).toHaveCount(2)
})

test('a running picture is cancelled with Escape, but not out of a text field; right after a sheet was closed, too', async () => {
  const begin = async () => {
    await command(page, 'generate')
    await expect(page.getByRole('progressbar')).toBeVisible()
  }
  const cancelled = () => expect(page.getByRole('progressbar')).toHaveCount(0)
  await begin()
  await page.keyboard.press('Escape')
  await cancelled()
  await begin()
  await page.locator('.word-input').press('Escape')
  await expect(page.locator('.word-input')).not.toBeFocused()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.keyboard.press('Escape')
  await cancelled()
  await begin()
  await command(page, 'queue')
  // A dialog's close event comes a moment after close(); the key is pressed in between.
  await page.evaluate(`{
    document.querySelector('dialog[open]').close()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true }))
  }`)
  await cancelled()
  await expect(frames()).toHaveCount(2)
  await command(page, 'queue')
  await expect(page.locator('.job').filter({ hasText: 'Cancelled' })).toHaveCount(3)
  await page.keyboard.press('Escape')
})

test('three languages, each with its plurals', async () => {
  await command(page, 'language-ru')
  await expect(page.getByRole('button', { name: /^Создать/ })).toBeVisible()
  await command(page, 'gallery')
  // The gallery still shows what was searched for.
  await expect(page.locator('.count')).toHaveText('1 картина')
  await page.getByRole('searchbox').fill('')
  await page.getByRole('combobox', { name: 'Оценка' }).selectOption('')
  await expect(page.locator('.count')).toHaveText('2 картины')
  await command(page, 'gallery')
  await command(page, 'language-zh')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
  await expect(page.getByRole('button', { name: /^生成/ })).toBeVisible()
  await command(page, 'language-en')
})

test('what does not work is said in the language of the screen', async () => {
  const word = await wordField().inputValue()
  await command(page, 'language-ru')
  await page.locator('.word-input').fill('\u{10FFFD}')
  const problem = page.locator('.problem')
  await expect(problem).toContainText('Нет начертания для \u{10FFFD} (U+10FFFD) в шрифтах: Noto Sans')
  // An error that is shown follows the language.
  await command(page, 'language-zh')
  await expect(problem).toContainText('请选择含有这个字符的字体，或改写这个词。')
  await page.locator('.word-input').fill(word)
  await expect(problem).toHaveCount(0)
  await command(page, 'language-ru')
  await command(page, 'settings')
  await expect(page.locator('.models .hint')).toContainText([
    'Видеокарта не используется',
    // Its colon leads to the field below it.
    'скачивается SDXL для полноценных картин',
  ])
  await page.getByRole('textbox', { name: 'Путь к папке' }).fill('/nowhere/sdxl')
  await page.keyboard.press('Enter')
  const notice = page.locator('.notice')
  await expect(notice).toContainText('Такой модели нет: /nowhere/sdxl.')
  await expect(notice).toContainText('Укажите папку с Hugging Face')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Убрать' }).click()
  await command(page, 'language-en')
})

for (const theme of ['light', 'dark'])
  test(`axe finds nothing, theme ${theme}`, async () => {
    await command(page, `theme-${theme}`)
    expect(await violations(page)).toEqual([])
    await command(page, 'gallery')
    await expect(page.getByRole('article').first()).toBeVisible()
    expect(await violations(page)).toEqual([])
    await command(page, 'gallery')
    for (const sheet of ['queue', 'settings', 'keys', 'palette']) {
      if (sheet === 'palette') await page.keyboard.press('Control+k')
      else await command(page, sheet)
      // axe does not check collapsed parts. Each one that opens is no longer among those that are left.
      const folded = page.locator('dialog details:not([open]) > summary')
      while (await folded.count()) await folded.first().click()
      expect(await violations(page, 'dialog')).toEqual([])
      await page.keyboard.press('Escape')
    }
  })

test('nothing scrolls sideways at any width', async () => {
  for (const width of [1440, 1100, 800, 500]) {
    await page.setViewportSize({ width, height: 800 })
    // Media queries take effect with the next frame.
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  }
})

test('nothing was complained about in the console', () => {
  // The refused word and model.
  const expected = /400 .*\/rpc\/(maps\/preview|models\/add)$/
  expect(complaints.filter(text => !expected.test(text))).toEqual([])
})

/** Drops the picture behind a URL onto the window, as from the desktop. */
async function drop(page: Page, url: string): Promise<void> {
  const script = `(async () => {
    const picture = await (await fetch(${JSON.stringify(url)})).blob()
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([picture], 'picture.png', { type: 'image/png' }))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })()`
  await page.evaluate(script)
}
