/** Styles of one's own, a picture to start from, strengths to start from, variations, and work with many pictures. */
import { existsSync, readFileSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import {
  CHROMIUM,
  command,
  complaintsOf,
  dropFile,
  hasModel,
  type Studio,
  setSteps,
  startStudio,
  violations,
} from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')

let studio: Studio
let context: BrowserContext
let page: Page
let complaints: string[]

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  await expect(frames()).toHaveCount(1)
  // Small and quick: the picture's quality does not matter here.
  await setSteps(page, 2)
  for (const side of ['↔', '↕']) await commit(`Size: ${side}`, '256')
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

const frames = () => page.locator('.frame img')
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const style = (id: string) => page.locator(`.style[data-style="${id}"]`)
const toolbar = () => page.locator('.toolbar')

async function commit(name: string, value: string): Promise<void> {
  await field(name).fill(value)
  await field(name).press('Enter')
}

async function choose(menu: string, ...items: string[]): Promise<void> {
  await button(menu).click()
  // By key: a test's pointer jumps into a submenu without moving over it, and the menu closes.
  for (const item of items) await page.getByRole('menuitem', { name: item, exact: true }).press('Enter')
  await expect(page.getByRole('menu')).toHaveCount(0)
}

test.describe('styles of one’s own', () => {
  test('a style is made from what is on the desk', async () => {
    await commit('Edges: Strength', '1.2')
    await choose('More about styles', 'New style from what is on the desk')
    await expect(field('Name: English')).toBeFocused()
    await expect(field('Name: Russian')).toHaveValue('Комикс, копия')
    const editor = page.locator('.style-form')
    await expect(editor.getByRole('textbox', { name: 'Edges: Strength' })).toHaveValue('1.20')
    await expect(editor.getByRole('textbox', { name: 'Steps' })).toHaveValue('2')
    await expect(editor.locator('.built-prompt')).toContainText('comic book style illustration of')
    await field('Name: English').fill('Tin toys')
  })

  test('what is invalid is said at its field at once', async () => {
    const template = field('Prompt template')
    await template.fill('A tin toy of {place} }')
    const problems = page.locator('#style-template')
    await expect(problems).toContainText('{place} is not known')
    await expect(problems).toContainText('A brace has no partner')
    await expect(problems).toContainText('{meaning} is missing')
    await expect(template).toHaveAttribute('aria-invalid', 'true')
    await button('Save').click()
    await expect(template).toBeFocused()
    await template.fill('A tin toy of ')
    await button('Put in: {meaning}').click()
    await expect(template).toHaveValue('A tin toy of {meaning}')
    await expect(problems.locator('.problem')).toHaveCount(0)
    await expect(page.locator('.built-prompt')).toContainText('A tin toy of learn')
    await commit('Colour 1, #rrggbb', 'C8321F')
    await expect(field('Colour 1, #rrggbb')).toHaveValue('#c8321f')
    await template.press('Control+z')
    await expect(field('Colour 1, #rrggbb')).not.toHaveValue('#c8321f')
    await template.press('Control+Shift+Z')
    await expect(field('Colour 1, #rrggbb')).toHaveValue('#c8321f')
  })

  test('saved, it is chosen, marked as one’s own, and paints', async () => {
    await page.keyboard.press('Control+s')
    await expect(style('tin-toys')).toHaveAttribute('aria-checked', 'true')
    await expect(style('tin-toys').getByRole('img', { name: 'Your own style' })).toBeVisible()
    await expect(page.locator('.prompt').first()).toContainText('A tin toy of learn')
    // The settings belong to the style now, so the desk has none of its own.
    await expect(field('Edges: Strength')).toHaveValue('1.20')
    await page.getByRole('button', { name: /^Generate/ }).click()
    await expect(frames()).toHaveCount(2)
    await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('alt', '学习, Tin toys')
  })

  test('a change that was not saved can be taken up again', async () => {
    await choose('More about styles', 'Edit this style')
    await page.locator('.style-form').getByRole('textbox', { name: 'Depth: Strength' }).fill('0.25')
    await field('Prompt template').focus()
    await page.keyboard.press('Escape')
    await expect(page.locator('.notice')).toContainText('closed without saving')
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
    await expect(page.locator('.style-form').getByRole('textbox', { name: 'Depth: Strength' })).toHaveValue('0.25')
    await button('Save').click()
    await expect(page.locator('.style-form')).toHaveCount(0)
    await expect(field('Depth: Strength')).toHaveValue('0.25')
  })

  test('it is exported, deleted, brought back, and imported as a copy', async () => {
    const downloading = page.waitForEvent('download')
    await choose('More about styles', 'Export as JSON')
    const download = await downloading
    expect(download.suggestedFilename()).toBe('tin-toys.json')
    const text = readFileSync(await download.path(), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ id: 'tin-toys', template: 'A tin toy of {meaning}' })

    await choose('More about styles', 'Delete this style')
    await expect(style('tin-toys')).toHaveCount(0)
    await expect(style('comic')).toHaveAttribute('aria-checked', 'true')
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
    await expect(style('tin-toys')).toHaveAttribute('aria-checked', 'true')

    const other = text.replace('A tin toy of', 'A wooden toy of')
    const chooser = page.locator('input[data-choose=style]')
    await chooser.setInputFiles({ name: 'toys.json', mimeType: 'application/json', buffer: Buffer.from(other) })
    await expect(page.locator('.notice')).toContainText('“Tin toys 2”')
    await expect(style('tin-toys-2')).toHaveAttribute('aria-checked', 'true')
    await dropFile(page, 'body', 'broken.json', 'application/json', '{"id": 7}')
    await expect(page.locator('.notice')).toHaveAttribute('data-failed', 'true')
    await button('Dismiss').click()
    await style('comic').click()
  })
})

test.describe('a picture to start from', () => {
  test('the one on the stage, with how much may change', async () => {
    await toolbar().getByRole('button', { name: 'Start from this picture' }).click()
    await expect(page.locator('.start img')).toBeVisible()
    await commit('Change', '0.5')
    await expect(field('Change')).toHaveValue('0.50')
    await page.keyboard.press('Control+Enter')
    await expect(frames()).toHaveCount(3)
    await button('Start from nothing').click()
    await expect(page.locator('.start img')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(page.locator('.start img')).toBeVisible()
    await button('Start from nothing').click()
  })

  test('one that is dropped onto the field, and its shape comes along', async () => {
    const png = await page.evaluate(PICTURE)
    await dropFile(page, '.start', 'wide.png', 'image/png', `${png}`)
    await expect(page.locator('.start img')).toBeVisible()
    await expect(field('Size: ↔')).toHaveValue('384')
    await expect(field('Size: ↕')).toHaveValue('192')
    await page.reload()
    await expect(page.locator('.start img')).toBeVisible()
    await button('Start from nothing').click()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
  })
})

test.describe('the maps', () => {
  test('strengths to start from, a style’s, and back', async () => {
    await choose('Strengths', 'Word early, picture late')
    await expect(field('Edges: Strength')).toHaveValue('1.00')
    await expect(page.locator('.fused')).toContainText('0.00–2.70')
    await choose('Strengths', 'As in a style', 'Watercolor')
    await expect(field('Lines: Strength')).toHaveValue('0.80')
    await choose('Strengths', 'As this style has it')
    await expect(field('Lines: Strength')).toHaveValue('0.30')
  })

  test('a slider is felt in the fused strength before it is let go', async () => {
    const thumb = await page.getByRole('slider', { name: 'Edges: Strength' }).boundingBox()
    if (!thumb) throw new Error('The slider is not on screen.')
    const before = await page.locator('.fused').textContent()
    await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2)
    await page.mouse.down()
    await page.mouse.move(thumb.x + 40, thumb.y + thumb.height / 2, { steps: 4 })
    await expect(page.locator('.fused')).not.toHaveText(before ?? '')
    await page.mouse.up()
    await page.keyboard.press('Control+z')
    await expect(page.locator('.fused')).toHaveText(before ?? '')
  })

  test('full size with its legend, and the next one with an arrow', async () => {
    await page.locator('.map-picture[data-map=segmentation]').click()
    const view = page.getByRole('dialog')
    await expect(view.locator('.legend')).toContainText('Radical 学')
    await expect(view.locator('figcaption [role=status]')).toContainText('Radicals, from stroke data')
    await page.keyboard.press('ArrowRight')
    await expect(view.getByRole('heading')).toHaveText('Lines')
    await page.keyboard.press('Escape')
  })

  test('a picture of one’s own in place of a map, and back', async () => {
    await dropFile(page, '.map-frame:has([data-map=depth])', 'own.png', 'image/png', `${await page.evaluate(PICTURE)}`)
    const depth = page.getByRole('article', { name: 'Depth' })
    const sheet = page.getByRole('dialog', { name: 'Depth: a picture of my own' })
    const shown = sheet.getByRole('img', { name: 'The map as it will be used' })
    const first = await shown.getAttribute('src')
    await sheet.getByRole('checkbox', { name: 'Invert light and dark' }).click()
    await expect(shown).not.toHaveAttribute('src', first!)
    await sheet.getByRole('radio', { name: 'Crop' }).click()
    expect(await violations(page, 'dialog')).toEqual([])
    await sheet.getByRole('button', { name: 'Use it as the map' }).click()
    await expect(depth.getByRole('combobox')).toBeDisabled()
    await depth.getByRole('button', { name: 'Depth: Back to the drawn map' }).click()
    await expect(depth.getByRole('combobox')).toBeEnabled()
  })
})

test.describe('pictures', () => {
  test('a picture is compared with its own word, whatever is being typed', async () => {
    await field('Word').fill('山')
    await page.locator('.frame').first().click()
    await page.locator('.compare').selectOption('map canny')
    await expect(page.locator('.compared')).toBeVisible()
    const draft = await page.locator('.map-picture[data-map=canny] img').getAttribute('src')
    await expect(page.locator('.compared')).not.toHaveAttribute('src', draft ?? '')
    await page.locator('.compare').selectOption('')
    await field('Word').fill('学习')
  })

  test('four close to it', async () => {
    await choose('Variations', 'Four close to this one')
    await expect(frames()).toHaveCount(7)
  })

  test('some of its settings alone', async () => {
    await commit('Seed', '4711')
    await choose('More about this picture', 'Use only its', 'Seed')
    await expect(field('Seed')).not.toHaveValue('4711')
    await expect(field('Word')).toHaveValue('学习')
  })

  test('tags and notes are kept, and found', async () => {
    await toolbar().getByRole('button', { name: 'Notes and making' }).click()
    await expect(page.locator('.making div', { hasText: 'Model' })).toHaveText('ModelDraft')
    await commit('Add a tag', 'cover')
    await field('Notes').fill('for the second lesson')
    await page.keyboard.press('Escape')
    await command(page, 'gallery')
    await page.getByRole('searchbox').fill('second lesson')
    await expect(page.getByRole('article')).toHaveCount(1)
    await page.getByRole('searchbox').fill('cover')
    await expect(page.getByRole('article')).toHaveCount(1)
    await page.getByRole('searchbox').fill('')
    await expect(page.getByRole('article')).toHaveCount(7)
  })

  test('by date; all selected, rated, two compared', async () => {
    const date = page.getByRole('combobox', { name: 'Date' })
    await date.selectOption('between')
    await page.getByLabel('To', { exact: true }).fill('2020-01-01')
    await expect(page.getByText('Nothing found')).toBeVisible()
    await date.selectOption('today')
    await expect(page.getByRole('article')).toHaveCount(7)
    await page.locator('.gallery').click({ position: { x: 8, y: 400 } })
    await page.keyboard.press('Control+a')
    const selection = page.getByRole('toolbar', { name: '7 selected' })
    await selection.getByRole('button', { name: '3 stars' }).click()
    await expect(page.locator('.cell [aria-label="3 stars"][aria-pressed=true]')).toHaveCount(7)
    await page.keyboard.press('Escape')
    await expect(selection).toHaveCount(0)
    for (const at of [0, 6]) await page.getByRole('checkbox').nth(at).check()
    await button('Compare both on the desk').click()
    await expect(page.locator('.split-line')).toBeVisible()
    await page.locator('.compare').selectOption('')
  })

  test('the gallery’s menu starts from a picture', async () => {
    await command(page, 'gallery')
    await page.getByRole('article').last().locator('.cell-picture').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Start from this picture' }).click()
    await expect(page.locator('.start img')).toBeVisible()
    await button('Start from nothing').click()
  })
})

for (const theme of ['light', 'dark'])
  test(`axe finds nothing, theme ${theme}`, async () => {
    await command(page, `theme-${theme}`)
    expect(await violations(page)).toEqual([])
    await command(page, 'style-from-desk')
    await field('Prompt template').fill('{place}')
    await expect(page.locator('#style-template .problem').first()).toBeVisible()
    expect(await violations(page, 'dialog')).toEqual([])
    await field('Prompt template').press('Control+z')
    await page.keyboard.press('Escape')
    await page.locator('.map-picture[data-map=segmentation]').click()
    await expect(page.locator('dialog .legend')).toBeVisible()
    expect(await violations(page, 'dialog')).toEqual([])
    await page.keyboard.press('Escape')
    await button('More about styles').click()
    expect(await violations(page, '[role=menu]')).toEqual([])
    await page.keyboard.press('Escape')
    await toolbar().getByRole('button', { name: 'Notes and making' }).click()
    expect(await violations(page, '.details')).toEqual([])
    await page.keyboard.press('Escape')
    await command(page, 'gallery')
    await page.getByRole('checkbox').first().check()
    expect(await violations(page)).toEqual([])
    await command(page, 'gallery')
  })

test('nothing was complained about in the console', () => {
  // The refused style.
  const expected = /400 .*\/rpc\/styles\/importText$/
  expect(complaints.filter(text => !expected.test(text))).toEqual([])
})

/** A picture of 200 × 100 as a data URL. Runs in the page, which has no types here. */
const PICTURE = `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 100 })
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#3a6'
  pen.fillRect(0, 0, 200, 100)
  pen.fillStyle = '#111'
  pen.fillRect(80, 20, 40, 60)
  return canvas.toDataURL('image/png')
})()`
