/** Working without a pointer: every focus stop is visible, and every step of the work has a key. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { CHROMIUM, fillLibrary, type Studio, setSteps, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const data = mkdtempSync(join(tmpdir(), 'zihua-keyboard-'))
let studio: Studio
let page: Page

test.beforeAll(async ({ browser }) => {
  await fillLibrary(data, ['学习'])
  studio = await startStudio(data)
  // axe needs a page of a context made by the test.
  page = await (await browser.newContext()).newPage()
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
})
test.afterAll(async () => {
  await page?.close()
  await studio?.stop()
  rmSync(data, { recursive: true, force: true })
})

interface Stop {
  /** The part of the screen. */
  place: string
  name: string
  /** A focus indicator is drawn. */
  visible: boolean
}

/** The focused element. A string because it runs in the page. */
const FOCUSED = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return null
  const host = element.closest('label, .slider, .field, .number') ?? element
  const drawn = [element, host, element.parentElement].some(one => {
    const { outlineStyle, outlineWidth, boxShadow, borderBottomWidth } = getComputedStyle(one)
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || borderBottomWidth === '2px'
  })
  const place = element.closest('section[aria-label]') ?? element.closest('header, dialog')
  return {
    place: place?.getAttribute('aria-label') ?? place?.tagName ?? '',
    name: element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '',
    visible: drawn,
  }
})()`

async function tab(): Promise<Stop | null> {
  await page.keyboard.press('Tab')
  return page.evaluate<Stop | null>(FOCUSED)
}

async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 200; presses++) if (name.test((await tab())?.name ?? '')) return
  throw new Error(`Tab never came to ${name}.`)
}

test('Tab goes through the places in their order, sees every stop, and gets out again', async () => {
  await expect(page.locator('.frame img')).toHaveCount(1)
  const stops: Stop[] = []
  for (let presses = 0; presses < 250; presses++) {
    const stop = await tab()
    if (!stop) break
    stops.push(stop)
  }
  expect(stops.length).toBeGreaterThan(30)
  expect(stops.length).toBeLessThan(250)
  expect(stops.filter(({ name }) => name.trim() === '')).toEqual([])
  expect(stops.filter(({ visible }) => !visible)).toEqual([])
  const places = stops.map(({ place }) => place).filter((place, at, all) => place !== all[at - 1])
  expect(places).toEqual([...new Set(places)])
})

test('a word is typed, a style chosen, a map made stronger, a picture made, compared and rated', async () => {
  await tabTo(/^Word/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('火')
  await tabTo(/Comic/)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { checked: true }).first()).not.toHaveAttribute('data-style', 'comic')
  await setSteps(page, 2)
  // In a panel single keys are no shortcuts: Escape leaves it.
  await page.keyboard.press('Escape')
  await page.keyboard.press('2')
  await expect(page.locator('.map-picture:focus')).toBeVisible()
  const strength = page.getByRole('textbox', { name: 'Depth: Strength' })
  const before = Number(await strength.inputValue())
  await page.keyboard.press(']')
  await expect(strength).toHaveValue((before + 0.05).toFixed(2))
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.frame img')).toHaveCount(2)
  await expect(page.locator('.sheet-of-paper img[alt^=火]')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('c')
  await expect(page.locator('.split-line')).toBeVisible()
  await page.keyboard.press('c')
  await tabTo(/^4 stars/)
  await page.keyboard.press('Enter')
  await expect(page.locator('.toolbar').getByRole('button', { name: '4 stars' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
})

test('a sheet holds the focus while it is open, and gives it back', async () => {
  const opener = await page.evaluate<Stop | null>(FOCUSED)
  await page.keyboard.press('?')
  await page.locator('dialog').waitFor()
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab')
    expect(
      await page.evaluate('document.activeElement === document.body || !!document.activeElement.closest("dialog")'),
    ).toBe(true)
  }
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  expect((await page.evaluate<Stop | null>(FOCUSED))?.name).toBe(opener?.name)
})

test('a key is changed, refused where it is taken, taken away and given back, all by keys', async () => {
  await page.locator('body').press('Control+,')
  await tabTo(/^Keys$/)
  await page.keyboard.press('Enter')
  const key = (id: string) => page.locator(`.key-button[data-command=${id}]`)
  await expect(key('gallery')).toHaveText('G')
  await key('gallery').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('q')
  await expect(page.locator('.shortcuts')).toContainText('Q already means “Queue”')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('.shortcuts')).toContainText('moves the focus or presses buttons')
  await page.keyboard.press('j')
  await expect(key('gallery')).toHaveText('J')
  await key('queue').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(key('queue')).toHaveText('—')
  expect(await violations(page, 'dialog')).toEqual([])
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })

  const gallery = page.getByRole('button', { name: 'Gallery', exact: true })
  await expect(gallery).toHaveAttribute('title', 'Gallery (J)')
  await page.keyboard.press('g')
  await page.keyboard.press('q')
  await expect(page.locator('dialog')).toHaveCount(0)
  await expect(gallery).toHaveAttribute('aria-pressed', 'false')
  // The chosen shortcut survives a reload, and works on a Russian keyboard.
  await page.reload()
  await page.locator('.word-input').waitFor()
  await page.evaluate(`window.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ' }))`)
  await expect(gallery).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('j')
  await expect(gallery).toHaveAttribute('aria-pressed', 'false')

  await page.keyboard.press('Control+,')
  await page.locator('.shortcuts summary').press('Enter')
  await page.getByRole('button', { name: 'All keys as usual' }).press('Enter')
  await expect(key('gallery')).toHaveText('G')
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('g')
  await expect(gallery).toHaveAttribute('aria-pressed', 'true')
})

test('Escape leaves the gallery as it leaves a sheet, and cancels nothing', async () => {
  await expect(page.locator('.gallery')).toBeVisible()
  await page.locator('.cell-picture').first().press('Control+a')
  await expect(page.locator('.selection')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('.selection')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(page.locator('.gallery')).toHaveCount(0)
})

test('Back puts away what lies over the desk, the topmost first, and then leaves', async () => {
  await page.keyboard.press('g')
  await expect(page.locator('.gallery')).toBeVisible()
  await page.keyboard.press('q')
  await expect(page.locator('dialog')).toBeVisible()
  await page.goBack()
  await expect(page.locator('dialog')).toHaveCount(0)
  await expect(page.locator('.gallery')).toBeVisible()
  await page.goBack()
  await expect(page.locator('.gallery')).toHaveCount(0)
  // Forward opens nothing, and what was closed otherwise takes no press of Back.
  await page.goForward()
  await expect(page.locator('.word-input')).toBeVisible()
  await page.locator('body').press('g')
  await page.keyboard.press('g')
  await page.keyboard.press('?')
  await expect(page.locator('dialog')).toBeVisible()
  await page.goBack()
  await expect(page.locator('dialog')).toHaveCount(0)
  await page.evaluate('void setTimeout(() => history.back())')
  await expect(page).toHaveURL('about:blank')
  await page.goForward()
  await page.locator('.word-input').waitFor()
})

test('the Enter of an input method ends a word, and runs no command', async () => {
  await page.keyboard.press('Control+k')
  const field = page.locator('.palette-input')
  await field.fill('gallery')
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true })
  await expect(field).toBeVisible()
  await field.press('Enter')
  await expect(page.locator('.gallery')).toBeVisible()
})
