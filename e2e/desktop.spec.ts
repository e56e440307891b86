/**
 * The page of the desktop app, in Chromium, with a stand-in for the preload script. What main does
 * with it is tested in electron/desktop; the same with Electron's program is electron.spec.ts.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { draftFolder } from '../core/machine/draft-folder.ts'
import type { Desktop, MenuCommand } from '../electron/desktop/bridge.ts'
import { CHROMIUM, command, type Studio, setSteps, startStudio, violations } from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)

/** State of the stand-in, in the page. */
interface Asked {
  asked: [name: string, ...args: unknown[]][]
  /** Answers of dialogs. */
  answers: Record<string, unknown>
  menu: (id: MenuCommand) => void
  /** Milliseconds by which the page's clock is ahead. */
  ahead: number
}

/** Runs in the page before its own scripts. */
function standIn(names: (keyof Desktop)[]): void {
  const page = globalThis as unknown as Asked & { desktop: object }
  Object.assign(page, { asked: [], answers: {}, ahead: 0 })
  const calls = names.map(name => [
    name,
    async (...args: unknown[]) => {
      page.asked.push([name, ...args])
      return page.answers[name] ?? null
    },
  ])
  const onCommand = (listener: Asked['menu']) => {
    page.menu = listener
    return () => {}
  }
  page.desktop = { ...Object.fromEntries(calls), onCommand }
  const now = performance.now.bind(performance)
  performance.now = () => now() + page.ahead
}

const CALLS: (keyof Desktop)[] = [
  ...(['chooseModel', 'chooseFolder', 'choosePicture', 'showPath', 'showDataFolder', 'showPicture'] as const),
  ...(['setLanguage', 'setWork', 'notify', 'startDrag'] as const),
]

let studio: Studio
let context: BrowserContext
let page: Page

test.beforeAll(async ({ browser }) => {
  studio = await startStudio()
  context = await browser.newContext()
  page = await context.newPage()
  await page.addInitScript(standIn, CALLS)
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
})

/** The arguments of all calls of one desktop function. */
const asked = (name: keyof Desktop) =>
  page.evaluate(name => (globalThis as unknown as Asked).asked.filter(([each]) => each === name), name)
const answer = (name: keyof Desktop, value: unknown) =>
  page.evaluate(
    ([name, value]) => {
      ;(globalThis as unknown as Asked).answers[name as string] = value
    },
    [name, value] as const,
  )
const choose = (id: MenuCommand) => page.evaluate(id => (globalThis as unknown as Asked).menu(id), id)

test('the taskbar follows the work, from its first step to its end', async () => {
  await expect(page.locator('.frame img')).toHaveCount(1)
  await expect.poll(async () => (await asked('setWork')).at(-1)).toEqual(['setWork', { open: 0, fraction: null }])
  const fractions = (await asked('setWork')).map(([, work]) => (work as { fraction: number | null }).fraction ?? 0)
  expect(Math.max(...fractions)).toBeGreaterThan(0.5)
})

test('menus speak the studio’s language and do its acts', async () => {
  expect(await asked('setLanguage')).toContainEqual(['setLanguage', 'en', {}])
  await command(page, 'language-ru')
  await expect.poll(async () => (await asked('setLanguage')).at(-1)).toEqual(['setLanguage', 'ru', {}])
  await command(page, 'language-en')
  await choose('gallery')
  await expect(page.locator('.desk-gallery')).toBeVisible()
  await choose('gallery')
  await expect(page.locator('.desk-gallery')).toHaveCount(0)
  // Nothing to undo: the command does nothing.
  const word = await page.locator('.word-input').inputValue()
  await choose('undo')
  await expect(page.locator('.word-input')).toHaveValue(word)
})

test('a picture that the system’s dialog gives brings its settings back', async () => {
  await page.locator('.word-input').fill('水')
  const url = await page.locator('.sheet-of-paper img').last().getAttribute('src')
  await page.evaluate(async url => {
    const data = new Uint8Array(await (await fetch(url ?? '')).arrayBuffer())
    ;(globalThis as unknown as Asked).answers['choosePicture'] = { name: 'mine.png', data }
  }, url)
  await choose('import')
  await expect(page.locator('.word-input')).toHaveValue('学习')
  await expect(page.locator('.notice')).toContainText('mine.png')
  await page.getByRole('button', { name: 'Dismiss' }).click()
})

test('model and control network are chosen by dialog, the data folder is shown', async () => {
  await choose('settings')
  await answer('chooseModel', '/models/union')
  await page.getByRole('button', { name: 'Control network: Choose folder…' }).click()
  await expect(page.getByRole('textbox', { name: 'Control network' })).toHaveValue('/models/union')
  // No picture has to fail first.
  await expect(page.locator('.notice')).toContainText('/models/union: there is no such file.')
  // Kept as the host has found it, however it was written.
  const network = join(draftFolder, 'controlnet')
  const field = page.getByRole('textbox', { name: 'Control network' })
  await field.fill(`"${draftFolder}/../${basename(draftFolder)}/controlnet"`)
  await field.press('Enter')
  await expect(field).toHaveValue(network)
  await field.fill('')
  await field.press('Enter')
  await answer('chooseModel', '/nowhere/sdxl.safetensors')
  await page.getByRole('button', { name: 'Model: Choose checkpoint…' }).click()
  // The chosen path is in the field, and an error says what is wrong with it.
  await expect(page.getByRole('textbox', { name: 'Path to a folder' })).toHaveValue('/nowhere/sdxl.safetensors')
  await page.getByRole('button', { name: 'Open folder' }).click()
  expect(await asked('showDataFolder')).toHaveLength(1)
  expect(await violations(page, 'dialog')).toEqual([])
  await page.keyboard.press('Escape')
})

test('pictures are dragged out as files, by their ids', async () => {
  const dataTransfer = await page.evaluateHandle('new DataTransfer()')
  await page.locator('.frame').first().dispatchEvent('dragstart', { dataTransfer })
  const url = await page.locator('.sheet-of-paper img').last().getAttribute('src')
  const id = /pictures\/([\w-]+)\.png/.exec(url ?? '')?.[1]
  await expect.poll(() => asked('startDrag')).toEqual([['startDrag', [id]]])
})

test('the end of a long picture is told, of a short one not', async () => {
  await setSteps(page, 2)
  await choose('generate')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.locator('.frame img')).toHaveCount(2)
  const short = await asked('notify')
  await choose('generate')
  await expect(page.getByRole('progressbar')).toBeVisible()
  await page.evaluate(() => {
    ;(globalThis as unknown as Asked).ahead = 30_000
  })
  await expect(page.locator('.frame img')).toHaveCount(3)
  await expect.poll(async () => (await asked('notify')).length).toBe(short.length + 1)
  expect((await asked('notify')).at(-1)).toEqual(['notify', '学习 is ready', '1 picture'])
})

test('a browser is asked for notifications by the switch alone', async () => {
  const other = await page.context().browser()!.newContext()
  const tab = await other.newPage()
  const again = await startStudio()
  await tab.goto(again.url)
  await tab.locator('.word-input').waitFor()
  await command(tab, 'settings')
  await expect(tab.getByRole('button', { name: /^Choose (folder|checkpoint)/ })).toHaveCount(0)
  const toggle = tab.getByRole('checkbox', { name: /^Notify/ })
  await expect(toggle).not.toBeChecked()
  await toggle.click()
  await expect(tab.getByText('The browser blocks notifications')).toBeVisible()
  await expect(toggle).not.toBeChecked()
  await other.grantPermissions(['notifications', 'clipboard-write'])
  await toggle.click()
  await expect(toggle).toBeChecked()
  await tab.getByRole('button', { name: 'Copy path' }).click()
  await expect(tab.getByRole('button', { name: 'Copied' })).toBeVisible()
  await other.close()
  await again.stop()
})
