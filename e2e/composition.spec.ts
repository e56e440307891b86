/** The story of a composition: two words and a motif placed, one bent, a line drawn, painted. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import sharp from 'sharp'
import { drawnStroke } from '../core/composition/drawing.ts'
import { python } from '../core/output/testing-python.ts'
import {
  CHROMIUM,
  command,
  complaintsOf,
  hasModel,
  type Studio,
  setSteps,
  startStudio,
  unforeseen,
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

test('motifs of the meaning are offered to who looks at them, and set around the word', async () => {
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  const motifs = () => asked.filter(path => path.endsWith('/composition/motifs'))
  await page.getByRole('textbox', { name: 'Word', exact: true }).fill('猫')
  await expect(page.locator('.meaning input')).toHaveValue(/cat/)
  // Far down in the panel: a word that is typed has no need of them.
  await expect(page.locator('.map-picture[data-map=canny] img')).toBeVisible()
  await expect(page.locator('.motifs')).not.toBeInViewport()
  expect(motifs()).toEqual([])
  await page.locator('.motifs').scrollIntoViewIfNeeded()
  await expect(page.getByRole('button', { name: 'cat', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Beside' }).click()
  await expect(shape('motif')).toHaveCount(1)
  await photograph('beside')
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

test('an empty word beside motifs is asked for, not called one that cannot be written', async () => {
  const word = page.getByRole('textbox', { name: 'Word', exact: true })
  await word.fill('')
  await expect(page.locator('.map-empty').first()).toHaveText('The map stands here once a word does.')
  await word.fill('猫')
  await expect(page.locator('.map-picture img')).toHaveCount(4)
  // The host has refused the request as often as it was asked, and nothing else: the browser's console tells of that.
  const refusal = /400 .*\/rpc\/(?:maps\/preview|request\/complete)$/
  const told = unforeseen(complaints.splice(0))
  expect(told).toContainEqual(expect.stringMatching(refusal))
  expect(told.filter(text => !refusal.test(text))).toEqual([])
})

test('a word whose block was taken away is told of, and put back', async () => {
  await shape('word').focus()
  await page.keyboard.press('Delete')
  await expect(shape('word')).toHaveCount(0)
  const told = page.getByRole('region', { name: 'Word' }).getByText('No block holds this word')
  await expect(told).toBeVisible()
  await page.getByRole('region', { name: 'Word' }).getByRole('button', { name: 'Put onto the canvas' }).click()
  await expect(shape('word')).toHaveCount(1)
  await expect(told).toHaveCount(0)
  await command(page, 'undo')
  await command(page, 'undo')
  await expect(shape('word')).toHaveCount(1)
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
  // Where the chosen block has no ink, its frame is gripped, and not what lies beneath.
  const frame = (await page.locator('.block-frame').boundingBox())!
  const across = await at('Across').inputValue()
  // Beside the handle of the corner, above the letter c.
  await page.mouse.move(frame.x + 14, frame.y + 14)
  await page.mouse.down()
  await page.mouse.move(frame.x + 54, frame.y + 14, { steps: 4 })
  await page.mouse.up()
  await expect(at('Across')).not.toHaveValue(across)
  await expect(word).toHaveAttribute('aria-pressed', 'true')
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
  expect(await violations(page)).toEqual([])
})

/** Strokes of the drawing in the draft. */
const strokes = async () => {
  const draft = JSON.parse((await page.evaluate("localStorage.getItem('zihua.draft')")) as string)
  return draft.request.composition.blocks.flatMap(({ kind, source }: { kind: string; source: { strokes: unknown } }) =>
    kind === 'drawing' ? source.strokes : [],
  ) as { points: number[]; size: number }[]
}

test('a pen presses, a finger trembles, keys draw', async () => {
  await page.getByRole('radio', { name: 'Draw by hand' }).click()
  const paper = (await page.locator('.sheet-of-paper').boundingBox())!
  const at = (x: number, y: number) => ({ x: paper.x + paper.width * x, y: paper.y + paper.height * y })
  const devtools = await context.newCDPSession(page)
  const before = (await strokes()).length
  const pen = { button: 'left', buttons: 1, pointerType: 'pen', clickCount: 1 } as const
  await devtools.send('Input.dispatchMouseEvent', { ...pen, type: 'mousePressed', ...at(0.1, 0.06), force: 0.1 })
  for (let i = 1; i <= 8; i++)
    await devtools.send('Input.dispatchMouseEvent', {
      ...{ ...pen, type: 'mouseMoved', ...at(0.1 + 0.03 * i, 0.06), force: 0.1 + 0.1 * i },
    })
  await devtools.send('Input.dispatchMouseEvent', { ...pen, type: 'mouseReleased', ...at(0.34, 0.06), force: 0 })
  await expect.poll(async () => (await strokes()).length).toBe(before + 1)
  const pressures = (await strokes()).at(-1)!.points.filter((_, i) => i % 3 === 2)
  expect(pressures[0]).toBeCloseTo(0.1, 1)
  expect(Math.max(...pressures)).toBeGreaterThan(0.7)
  expect(pressures).toEqual(pressures.toSorted((a, b) => a - b))

  const finger = (i: number) => [{ ...at(0.5 + 0.02 * i, 0.06 + (i % 2 ? 0.004 : -0.004)), force: 0.5 }]
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: finger(0) })
  for (let i = 1; i <= 16; i++)
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: finger(i) })
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await expect.poll(async () => (await strokes()).length).toBe(before + 2)
  const trembling = (await strokes()).at(-1)!
  const ys = trembling.points.filter((_, i) => i % 3 === 1)
  const tremor = Math.max(...ys) - Math.min(...ys)
  expect(tremor).toBeGreaterThan(0.006)
  // Smoothed: along the middle of the stroke its edges tremble less than the finger did.
  const edge = drawnStroke(trembling, 0.5).flatMap(({ points }) => [points.slice(-2)])
  const xs = trembling.points.filter((_, i) => i % 3 === 0)
  const middle = edge.filter(([x, y]) => x > xs[4] && x < xs[12] && y < (Math.max(...ys) + Math.min(...ys)) / 2)
  const upper = middle.map(([, y]) => y)
  expect(upper.length).toBeGreaterThan(3)
  expect(Math.max(...upper) - Math.min(...upper)).toBeLessThan(0.8 * tremor)

  await page.getByRole('application', { name: 'Draw by hand' }).focus()
  for (const key of ['ArrowUp', ' ', 'ArrowRight', 'ArrowRight', ' ']) await page.keyboard.press(key)
  await expect.poll(async () => (await strokes()).length).toBe(before + 3)
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await strokes()).length).toBe(before + 2)
  await page.getByRole('radio', { name: 'Move' }).click()
  await photograph('drawn')
})

/** A point of the screen that is inside a shape, not only inside its box. */
const pointIn = async (locator: Locator) =>
  (await locator.evaluate(element => {
    const box = element.getBoundingClientRect()
    for (let i = 1; i < 20; i++)
      for (let j = 1; j < 20; j++) {
        const [x, y] = [box.x + (box.width * i) / 20, box.y + (box.height * j) / 20]
        if (element.ownerDocument.elementFromPoint(x, y) === element) return { x, y }
      }
    throw new Error('no point of the shape is in sight')
  })) as { x: number; y: number }

/** Waits for one picture more in the strip, and for its place on the stage. */
async function painted(act: () => Promise<unknown>): Promise<string> {
  const before = await page.locator('.frame img').count()
  const shown = () => page.locator('.sheet-of-paper > img').last().getAttribute('src')
  const old = await shown()
  await act()
  await expect(page.locator('.frame img')).toHaveCount(before + 1, { timeout: 90_000 })
  await expect.poll(shown).toMatch(/^\/pictures\//)
  await expect.poll(shown).not.toBe(old)
  return (await shown())!
}

const pixelsOf = async (url: string) => {
  const answer = await page.request.get(new URL(url, page.url()).href)
  return sharp(await answer.body())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
}

let first = ''

test('it is painted', async () => {
  await setSteps(page, 4)
  first = await painted(() => page.keyboard.press('Control+Enter'))
  await command(page, 'canvas')
  await expect(page.locator('.blocks-editor')).toHaveCount(0)
  await expect(page.locator('.sheet-of-paper > img').last()).toHaveAttribute('alt', /^猫/)
  await photograph('painted')
})

test('one stroke is painted again, and all else stays to the last pixel', async () => {
  await page.locator('.stage').click({ position: { x: 3, y: 3 } })
  await page.keyboard.press('p')
  const stroke = page.locator('[data-part="stroke 3"]')
  await expect(stroke).toBeVisible({ timeout: 30_000 })
  const { x, y } = await pointIn(stroke)
  await page.mouse.click(x, y)
  await expect(stroke).toHaveAttribute('aria-pressed', 'true')
  // The row of versions will take some of the stage.
  const paper = (await page.locator('.sheet-of-paper').boundingBox())!
  const box = (await stroke.boundingBox())!
  await photograph('repaint-stroke')
  expect(await violations(page)).toEqual([])
  const second = await painted(() => page.getByRole('button', { name: 'Paint again', exact: true }).click())
  const [before, after] = await Promise.all([pixelsOf(first), pixelsOf(second)])
  const { width } = before.info
  // All that changed lies around the stroke: within 2 + 3 % of its box, and what a pixel rounds.
  const scale = width / paper.width
  const reach = 0.05 * width + 2
  const [left, top] = [(box.x - paper.x) * scale - reach, (box.y - paper.y) * scale - reach]
  const [right, bottom] = [left + box.width * scale + 2 * reach, top + box.height * scale + 2 * reach]
  let [inside, outside] = [0, 0]
  for (const [i, value] of before.data.entries()) {
    if (value === after.data[i]) continue
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    if (x >= left && x <= right && y >= top && y <= bottom) inside++
    else outside++
  }
  expect(inside).toBeGreaterThan(100)
  expect(outside).toBe(0)
  await expect(page.getByRole('button', { name: 'from version 1' })).toBeVisible()
})

test('by keys alone: another stroke, the ground, a brushed line, taken back and painted', async () => {
  await page.locator('[data-part="stroke 1"]').focus()
  await page.keyboard.press(' ')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.locator('.repaint-part[data-chosen=true]')).toHaveCount(3)
  await page.keyboard.press('Control+z')
  await expect(page.locator('.repaint-part[data-chosen=true]')).toHaveCount(2)
  // The buttons at the top do what their keys do.
  await page.locator('.top [data-act=redo]').click()
  await expect(page.locator('.repaint-part[data-chosen=true]')).toHaveCount(3)
  await page.locator('.top [data-act=undo]').click()
  await expect(page.locator('.repaint-part[data-chosen=true]')).toHaveCount(2)
  await page.getByRole('button', { name: 'Choose nothing' }).press('Enter')
  await expect(page.locator('.repaint-part[data-chosen=true]')).toHaveCount(0)
  await page.getByRole('radio', { name: 'Choose parts' }).press('ArrowRight')
  // The group moves the focus a moment later.
  await expect(page.getByRole('radio', { name: 'Brush' })).toBeFocused()
  await page.getByRole('radio', { name: 'Brush' }).press('Enter')
  await page.getByRole('application', { name: 'Brush' }).focus()
  for (const key of ['ArrowUp', 'ArrowUp', ' ', 'ArrowRight', 'ArrowRight', 'ArrowRight', ' ', 'ArrowLeft'])
    await page.keyboard.press(key)
  await expect(page.locator('.brush-stroke')).toHaveCount(1)
  await expect(page.locator('.brush-stroke')).toHaveAttribute('d', /^M[^L]+L[^L]+L[^L]+L[^L]+$/)
  await photograph('repaint-brush')
  expect(await violations(page)).toEqual([])
  await painted(() => page.keyboard.press('Control+Enter'))
  await expect(page.locator('.version')).toHaveCount(3)
  await page.getByRole('application', { name: 'Brush' }).focus()
  await page.keyboard.press('Escape')
  await expect(page.locator('.repaint-layer')).toHaveCount(0)
})

test('versions are stepped through and compared side by side', async () => {
  await page.getByRole('button', { name: 'from version 2' }).click()
  await expect(page.locator('.version[aria-current=true]')).toHaveAttribute('aria-label', 'Version 2')
  await page.getByRole('button', { name: 'from version 1' }).click()
  await expect(page.locator('.sheet-of-paper > img').last()).toHaveAttribute('src', first)
  await page.getByRole('button', { name: 'Versions side by side' }).click()
  await expect(page.locator('.compare-many figure')).toHaveCount(3)
  await photograph('versions')
  expect(await violations(page, 'dialog')).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Compare' }).selectOption({ label: 'Version 3' })
  await expect(page.locator('.compared')).toHaveCount(1)
  await page.keyboard.press('c')
})

/** Names of a PSD's layers, and its size. */
const OPEN = `
import json, sys
from psd_tools import PSDImage
psd = PSDImage.open(sys.argv[1])
print(json.dumps([list(psd.size), [layer.name for layer in psd]]))
`

test('layers for Photoshop, opened by another program where one is there', async () => {
  await page.getByRole('button', { name: 'More about this picture' }).click()
  await page.getByRole('menuitem', { name: 'Export' }).click()
  await page.getByRole('combobox', { name: 'As', exact: true }).selectOption('psd')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.export').getByRole('button', { name: 'Export' }).click(),
  ])
  const path = await file.path()
  expect(file.suggestedFilename()).toMatch(/\.psd$/)
  expect(readFileSync(path).subarray(0, 4).toString()).toBe('8BPS')
  const psdTools = python('psd_tools')
  test.info().annotations.push({ type: 'psd-tools', description: psdTools ?? 'not there' })
  if (!psdTools) return
  const [size, layers] = JSON.parse(execFileSync(psdTools, ['-c', OPEN, path], { encoding: 'utf8' }))
  expect(size).toEqual([512, 512])
  expect(layers).toEqual(expect.arrayContaining(['Picture', 'Ground', 'Word', 'Outline', 'Maps']))
})

test('one that is finished at 1024 is a version too', async () => {
  const frames = await page.locator('.frame img').count()
  await page.getByRole('button', { name: 'More about this picture' }).click()
  await page.getByRole('menuitem', { name: 'Larger' }).click()
  await page.getByRole('menuitem', { name: 'Paint again at 1024' }).click()
  await expect(page.locator('.frame img')).toHaveCount(frames + 1, { timeout: 240_000 })
  await page.locator('.frame').first().click()
  await expect(page.locator('.version')).toHaveCount(4)
  await expect(page.locator('.version[aria-current=true]')).toHaveAttribute('aria-label', 'Version 4')
  await page.getByRole('button', { name: 'Version 1', exact: true }).click()
})

test('its settings come back', async () => {
  await page.getByRole('textbox', { name: 'Word', exact: true }).fill('山')
  await command(page, 'reuse')
  await expect(page.locator('.blocks-list li')).toHaveCount(7)
  expect(unforeseen(complaints)).toEqual([])
})
