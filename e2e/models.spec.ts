/** From the draft to a full model with one button: a server of this machine stands for the hub. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { type FolderServer, startFolderServer } from '../core/downloads/testing-folder.ts'
import { fixture } from '../core/testing/fixtures.ts'
import { writeTensors } from '../core/weights/testing.ts'
import { CHROMIUM, CHROMIUM_ARGUMENTS, command, complaintsOf, type Studio, startStudio, violations } from './studio.ts'

const tiny = fixture('sdxl/pipeline')
const home = mkdtempSync(join(tmpdir(), 'zihua-e2e-models-'))

let server: FolderServer
let studio: Studio
let browser: Browser
let page: Page
let complaints: string[]

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `no browser at ${CHROMIUM}`)
test.skip(!tiny, 'needs the golden set sdxl')

test.beforeAll(async () => {
  server = await startFolderServer(tiny!)
  mkdirSync(join(home, 'manifests'))
  const manifest = { ...(await server.manifest('sdxl', 'model')), name: 'SDXL of a test', starter: 'needed' }
  const licence = [{ name: 'MIT', of: 'a tiny model', url: 'https://opensource.org/license/mit', text: 'MIT.txt' }]
  writeFileSync(join(home, 'manifests/sdxl.json'), JSON.stringify({ ...manifest, licence }))
  const loras = join(home, 'ComfyUI/models/loras')
  mkdirSync(loras, { recursive: true })
  writeFileSync(
    join(loras, 'ink.safetensors'),
    withTriggerWords(resolve('fixtures/lora/lycoris.safetensors'), 'inkwash'),
  )
  const floats = { dtype: 'F32', shape: [1, 8], data: new Uint8Array(32) } as const
  const vectors = new Map([
    ['clip_l', floats],
    ['clip_g', floats],
  ])
  await writeTensors(join(home, 'ComfyUI/models/embeddings/wash.safetensors'), vectors)
  Object.assign(process.env, { ZIHUA_MANIFESTS: join(home, 'manifests'), HOME: home, USERPROFILE: home })
  studio = await startStudio()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })).newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
})

test.afterAll(async () => {
  // Chromium asks for its icon by itself; what a picture takes may be asked for with the model that has just been removed.
  expect(complaints.filter(text => !/400 .*\/rpc\/machine\/estimate$/.test(text))).toEqual([])
  await browser?.close()
  await studio?.stop()
  await server?.[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

/** The file with words in its header, as trainers write them. */
function withTriggerWords(file: string, words: string): Buffer {
  const bytes = readFileSync(file)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString())
  header.__metadata__ = { ...header.__metadata__, 'modelspec.trigger_phrase': words }
  const text = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([size, text, bytes.subarray(8 + length)])
}

const sheet = () => page.getByRole('dialog', { name: 'Models' })
const card = () => sheet().locator('[data-download=sdxl]')

test('the line beside the first draft leads to the starter set, with size, room and licence in full', async () => {
  await page
    .locator('.strip-line')
    .getByRole('button', { name: /^Get SDXL \(/ })
    .click()
  await expect(card()).toContainText('SDXL of a test')
  await expect(card()).toContainText(/MB · .+ free on the disk/)
  await card().getByText('Licence: MIT').click()
  await card().getByText('a tiny model: MIT').click()
  await expect(card().locator('pre')).toContainText('THE SOFTWARE IS PROVIDED "AS IS"')
  expect(await violations(page, 'dialog')).toEqual([])
})

test('a download is paused, cancelled, begun again, goes on, and paints the same word beside its draft', async () => {
  server.rate = 150_000
  await card()
    .getByRole('button', { name: /Download$/ })
    .click()
  await expect(card().getByRole('progressbar')).toBeVisible()
  await card()
    .getByRole('button', { name: /Pause$/ })
    .click()
  await expect(card().getByRole('button', { name: /Go on$/ })).toBeVisible()
  // What has arrived is deleted, and it begins anew.
  await card()
    .getByRole('button', { name: /Cancel and delete what has arrived$/ })
    .click()
  await card()
    .getByRole('button', { name: /Download$/ })
    .click()
  await expect(card().getByRole('progressbar')).toBeVisible()
  await card()
    .getByRole('button', { name: /Pause$/ })
    .click()
  server.rate = null
  await card()
    .getByRole('button', { name: /Go on$/ })
    .click()
  const radio = sheet().getByRole('radio', { name: 'Paint with SDXL of a test' })
  await expect(radio).toBeChecked()
  await expect(card()).toHaveCount(0)
  await page.keyboard.press('Escape')
  // Its draft and the picture by the model that has just arrived.
  await expect(page.locator('.frame')).toHaveCount(2)
  await expect(page.locator('.strip-line')).toHaveCount(0)
})

test('a LoRA of another program is found, used where it is, and has a weight', async () => {
  await command(page, 'models')
  await sheet().getByRole('button', { name: 'Look for models' }).click()
  await sheet().getByRole('button', { name: 'Use ink' }).click()
  await sheet().getByRole('checkbox', { name: 'Use ink.safetensors' }).check()
  const weight = sheet().locator('[data-model=ink]').getByRole('textbox', { name: 'Weight' })
  await expect(weight).toHaveValue('0.80')
  await expect(sheet().locator('[data-model=ink]')).toContainText('Trigger words: inkwash')
  await weight.fill('0.5')
  await weight.press('Enter')
  await expect(weight).toHaveValue('0.50')
  await sheet().getByRole('checkbox', { name: 'Use ink.safetensors' }).uncheck()
  expect(await violations(page, 'dialog')).toEqual([])
})

test('an embedding says which word it is while it takes part', async () => {
  await sheet().getByRole('button', { name: 'Use wash' }).click()
  const row = sheet().locator('[data-model=wash]')
  await sheet().getByRole('checkbox', { name: 'Use wash.safetensors' }).check()
  await expect(row).toContainText('Write wash in the prompt')
  expect(await violations(page, 'dialog')).toEqual([])
  await sheet().getByRole('checkbox', { name: 'Use wash.safetensors' }).uncheck()
  await expect(row).not.toContainText('Write wash')
})

test('a model says what it has, and is removed with its files', async () => {
  const row = sheet().locator('[data-model=sdxl]')
  await row.locator('summary').first().click()
  await expect(row).toContainText(/unet: /)
  await row.getByRole('button', { name: /Remove$/ }).click()
  await expect(row).toHaveCount(0)
  expect(existsSync(join(studio.data, 'models/sdxl'))).toBe(false)
  // It can be had again.
  await expect(card()).toBeVisible()
})

test('a mirror and a token are taken over by Enter, as by leaving the field', async () => {
  const mirror = page.getByRole('textbox', { name: 'Mirror of huggingface.co' })
  const sent = (name: string) =>
    page.waitForRequest(request => request.url().endsWith('/rpc/models/setHub') && request.postData()!.includes(name))
  const before = await mirror.inputValue()
  await mirror.fill('https://hub.example')
  await Promise.all([sent('hub.example'), mirror.press('Enter')])
  await mirror.fill(before)
  await Promise.all([sent('mirror'), mirror.press('Enter')])
  const token = page.getByLabel('Token', { exact: true })
  await token.fill('hf_of_a_test')
  await Promise.all([sent('hf_of_a_test'), token.press('Enter')])
  await Promise.all([sent('null'), page.getByRole('button', { name: 'Forget' }).click()])
})
