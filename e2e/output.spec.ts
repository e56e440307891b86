/** The gallery as a place to work from: keys, albums, saved searches, comparing, and everything that leaves the studio. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { CHROMIUM, command, complaintsOf, fillLibrary, startStudio, violations } from './studio.ts'

test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

const WORDS = ['学习', '猫', 'love', 'Привет', '老师', '電腦', '龍', 'sun']

const words = (page: Page) => page.locator('.cell-name span').allInnerTexts()

test.describe('from the gallery', () => {
  let data = ''
  let studio: Awaited<ReturnType<typeof startStudio>>
  test.beforeEach(async ({ page }) => {
    data = mkdtempSync(join(tmpdir(), 'zihua-output-'))
    await fillLibrary(data, WORDS)
    studio = await startStudio(data)
    await page.goto(studio.url)
    await page.locator('.word-input').waitFor()
    await command(page, 'gallery')
    await expect(page.locator('.cell')).toHaveCount(WORDS.length)
  })
  test.afterEach(async () => {
    await studio.stop()
    rmSync(data, { recursive: true, force: true })
  })

  test('arrows, space, 0 to 5 and Enter; one Tab stop', async ({ page }) => {
    const complaints = complaintsOf(page)
    const focused = () => page.evaluate('document.activeElement.dataset.at')
    await page.locator('.cell-picture').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('2')
    await page.keyboard.press('4')
    const third = page.locator('.cell').nth(2)
    await expect(third.getByRole('button', { name: '4 stars' })).toHaveAttribute('aria-pressed', 'true')
    await page.keyboard.press('0')
    await expect(third.getByRole('button', { name: '4 stars' })).toHaveAttribute('aria-pressed', 'false')
    await page.keyboard.press(' ')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press(' ')
    await expect(page.locator('.cell[data-selected=true]')).toHaveCount(2)
    await expect(page.locator('.cell [tabindex="0"]')).toHaveCount(1)
    await page.keyboard.press('End')
    expect(await focused()).toBe(String(WORDS.length - 1))
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.closest('.gallery-rows')")).toBeNull()
    await page.locator('.cell-picture').nth(1).focus()
    await page.keyboard.press('Enter')
    await expect(page.locator('.toolbar')).toBeVisible()
    // The strip has the same keys.
    await page.locator('.frame').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('5')
    await page.keyboard.press('Enter')
    await expect(page.locator('.toolbar').getByRole('button', { name: '5 stars' })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
    await expect(page.locator('.frame[tabindex="0"]')).toHaveCount(1)
    expect(complaints).toEqual([])
  })

  test('albums and saved searches; a search without tones and in the other script', async ({ page }) => {
    const search = page.getByRole('searchbox')
    await search.fill('xuexi')
    await expect.poll(() => words(page)).toEqual(['学习'])
    await search.fill('teacher')
    await expect.poll(() => words(page)).toEqual(['老师'])
    await search.fill('电脑')
    await expect.poll(() => words(page)).toEqual(['電腦'])
    await page.getByRole('button', { name: 'Save this search' }).click()
    await page.getByRole('textbox', { name: 'Name of the search' }).fill('Computers')
    await page.keyboard.press('Enter')
    const place = page.getByRole('combobox', { name: 'Album', exact: true })
    await expect(place).toHaveValue('search:Computers')
    await place.selectOption('all')
    await expect(page.locator('.cell')).toHaveCount(WORDS.length)
    for (const at of [0, 1, 2]) await page.getByRole('checkbox').nth(at).click()
    await page.getByRole('combobox', { name: 'Into an album' }).fill('Covers')
    await page.keyboard.press('Enter')
    await place.selectOption({ label: 'Covers (3)' })
    await expect(page.locator('.cell')).toHaveCount(3)
    await page.getByRole('checkbox').first().click()
    await page.getByRole('button', { name: 'Take out of this album' }).click()
    await expect(page.locator('.cell')).toHaveCount(2)
    await page.getByRole('button', { name: 'Rename this album' }).click()
    await page.getByRole('textbox', { name: 'Name of the album' }).fill('Book covers')
    await page.keyboard.press('Enter')
    await expect(place).toHaveValue('own:Book covers')
    await page.reload()
    await command(page, 'gallery')
    await place.selectOption('search:Computers')
    await expect.poll(() => words(page)).toEqual(['電腦'])
    await place.selectOption({ label: 'Book covers (2)' })
    await page.getByRole('button', { name: 'Dissolve this album; its pictures stay' }).click()
    await expect(page.locator('.cell')).toHaveCount(WORDS.length)
    expect(await violations(page, '.gallery')).toEqual([])
  })

  test('a selection is exported, compared and made into a set', async ({ page }) => {
    for (const at of [0, 1, 2]) await page.getByRole('checkbox').nth(at).click()
    const fetched = async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.export').getByRole('button', { name: 'Export' }).click(),
      ])
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
    }
    const open = () => page.locator('.selection').getByRole('button', { name: 'Export' }).click()
    await open()
    expect(await violations(page, 'dialog')).toEqual([])
    await page.getByRole('combobox', { name: 'Format' }).selectOption('webp')
    await page.getByRole('combobox', { name: 'Transparent ground' }).selectOption('glow')
    const zip = await fetched()
    expect(zip.name).toBe('pictures.zip')
    expect(zip.bytes.subarray(0, 2).toString()).toBe('PK')
    for (const [kind, name] of [
      ['deck', 'Zihua.apkg'],
      ['cards', 'Zihua.pdf'],
      ['sheet', 'Zihua.pdf'],
      ['psd', 'layers.zip'],
    ] as const) {
      await open()
      await page.getByRole('combobox', { name: 'As', exact: true }).selectOption(kind)
      expect((await fetched()).name).toBe(name)
    }
    await page.locator('.selection').getByRole('button', { name: 'Compare 3 pictures' }).click()
    await expect(page.locator('.compare-many figure')).toHaveCount(3)
    await page.keyboard.press('+')
    await page.keyboard.press('ArrowLeft')
    const places = await page.locator('.compare-many img').evaluateAll(all => all.map(image => image.style.transform))
    expect(new Set(places)).toEqual(new Set(['translate(40px, 0px) scale(1.25)']))
    expect(await violations(page, 'dialog')).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('.selection').getByRole('button', { name: 'Make a set of them' }).click()
    const list = page.getByRole('dialog').locator('textarea').first()
    await expect(list).toHaveValue(/龍/)
    await expect(list).toHaveValue(/sun/)
  })

  test('what is in the trash is deleted for good only after a question, and leaves the stage', async ({ page }) => {
    for (const at of [0, 1]) await page.getByRole('checkbox').nth(at).click()
    await page.locator('.selection').getByRole('button', { name: 'Move to trash' }).click()
    await page.getByRole('button', { name: 'Trash', exact: true }).click()
    await expect(page.locator('.cell')).toHaveCount(2)
    await page
      .getByRole('button', { name: /^Show: / })
      .first()
      .click()
    const shown = page.locator('.sheet-of-paper img').last()
    await expect(shown).toHaveAttribute('alt', /^sun|^龍/)
    await command(page, 'gallery')
    for (const at of [0, 1]) await page.locator('.cell').nth(at).getByRole('checkbox').click()
    const purge = page.locator('.selection').getByRole('button', { name: 'Delete for good' })
    await purge.click()
    const question = page.getByRole('dialog', { name: 'Delete 2 pictures for good?' })
    expect(await violations(page, 'dialog')).toEqual([])
    await question.getByRole('button', { name: 'Keep in the trash' }).click()
    await expect(question).toHaveCount(0)
    await expect(page.locator('.cell')).toHaveCount(2)
    await purge.click()
    await question.getByRole('button', { name: 'Delete for good' }).click()
    await expect(page.getByText('The trash is empty.')).toBeVisible()
    await command(page, 'gallery')
    await expect(shown).toHaveAttribute('alt', /^電腦/)
    await page.locator('.toolbar').getByRole('button', { name: '3 stars' }).click()
    await expect(page.locator('.toolbar').getByRole('button', { name: '3 stars' })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
    await expect(page.locator('.notice[data-failed=true]')).toHaveCount(0)
  })

  test('styles have their names in the language of the screen', async ({ page }) => {
    await command(page, 'language-ru')
    await expect(page.locator('.cell').first()).toHaveAttribute('aria-label', /^sun, [А-Я]/)
    await expect(page.locator('.cell-picture').first()).toHaveAttribute('aria-label', /: sun, [А-Я]/)
    await command(page, 'gallery')
    await expect(page.locator('.frame').first()).toHaveAttribute('title', /^sun, [А-Я]/)
    await expect(page.locator('.frame').first()).toHaveAttribute('aria-label', /^sun, [А-Я]/)
    await expect(page.locator('.sheet-of-paper img').last()).toHaveAttribute('alt', /^sun, [А-Я]/)
    await expect(page.locator('.compare option', { hasText: '龍' })).toHaveText(/^龍 · [А-Я][^·]* · 6$/)
  })

  test('side by side on a phone: each picture has room, and its stars stay below it', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const [count, least] of [
      [2, 280],
      [3, 150],
      [6, 150],
    ] as const) {
      for (let at = 0; at < count; at++) await page.locator('.cell').nth(at).getByRole('checkbox').click()
      await page
        .locator('.selection')
        .getByRole('button', { name: `Compare ${count} pictures` })
        .click()
      await expect(page.locator('.compare-many figure')).toHaveCount(count)
      const sheet = (await page.getByRole('dialog').boundingBox())!
      for (const figure of await page.locator('.compare-many figure').all()) {
        const [window, stars] = [figure.locator('.compare-window'), figure.locator('.rating')]
        const [box, row, whole] = await Promise.all(
          [window, stars, figure].map(async each => (await each.boundingBox())!),
        )
        expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(least)
        expect(row!.x).toBeGreaterThanOrEqual(whole!.x)
        expect(row!.x + row!.width).toBeLessThanOrEqual(whole!.x + whole!.width)
        expect(whole!.x + whole!.width).toBeLessThanOrEqual(sheet.x + sheet.width)
        expect(whole!.y + whole!.height).toBeLessThanOrEqual(sheet.y + sheet.height)
      }
      await page.keyboard.press('Escape')
      await page.locator('.selection').getByRole('button', { name: 'Select none' }).click()
    }
  })

  test('a picture goes through the clipboard, out and in', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('checkbox').first().click()
    await page.locator('.cell-picture').first().focus()
    await page.keyboard.press('Control+c')
    await expect(page.getByText('The picture is on the clipboard.')).toBeVisible()
    const types = await page.evaluate('navigator.clipboard.read().then(items => items.flatMap(({ types }) => types))')
    expect(types).toEqual(['image/png'])
    await page.keyboard.press('Control+v')
    await expect(page.getByText('The pasted picture is what the next one starts from.')).toBeVisible()
    await expect(page.locator('.compose')).toBeVisible()
  })
})
