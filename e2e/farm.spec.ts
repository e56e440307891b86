/** A set on a farm, as whoever owns it sees it: a real server, real workers, the draft model. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { NATS_SERVER, NEEDS_SERVER, TestServer, TOKEN } from '../core/farm/testing-server.ts'
import { verifySet } from '../core/sets/verify.ts'
import { fixture } from '../core/testing/fixtures.ts'
import {
  CHROMIUM,
  command,
  complaintsOf,
  hasModel,
  type Studio,
  startStudio,
  unforeseen,
  violations,
} from './studio.ts'

test.describe.configure({ mode: 'serial' })
test.skip(!existsSync(CHROMIUM), `needs Chromium at ${CHROMIUM}; CHROMIUM names another`)
test.skip(!hasModel, 'needs models/draft or ZIHUA_FIXTURES with sdxl/pipeline')
test.skip(!NATS_SERVER, NEEDS_SERVER)

const root = resolve(import.meta.dirname, '..')
// So many that a quick machine is still painting when it is paused.
const WORDS = [
  ...'水火山木土日月雨风云花草鸟鱼马牛羊门车书人口手足目耳心力刀弓田禾米竹石玉金王女子大小上下中左右东西南北天',
]
let scratch = ''
let studio: Studio
let server: TestServer
let context: BrowserContext
let page: Page
let complaints: string[] = []
const workers = new Map<string, ChildProcess>()

test.beforeAll(async ({ browser }) => {
  scratch = mkdtempSync(join(tmpdir(), 'zihua-e2e-farm-'))
  server = await TestServer.start(join(scratch, 'server'))
  studio = await startStudio()
  context = await browser.newContext({ reducedMotion: 'reduce' })
  page = await context.newPage()
  complaints = complaintsOf(page)
  await page.goto(studio.url)
  await page.locator('.word-input').waitFor()
  // The first picture of an empty studio would run before the set.
  await expect(page.locator('.progress')).toBeVisible()
  await page.keyboard.press('Escape')
})
test.afterAll(async () => {
  await context?.close()
  await studio?.stop()
  for (const child of workers.values()) await end(child, 'SIGKILL')
  await server?.[Symbol.asyncDispose]()
  rmSync(scratch, { recursive: true, force: true })
})

/** A worker process with a data folder of its own. Resolves when it has joined. */
async function startWorker(name: string): Promise<void> {
  const tiny = fixture('sdxl/pipeline')
  const args = ['worker', '--farm', server.url, '--name', name, ...(tiny ? ['--models', tiny] : [])]
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'core/cli/cli.ts'), ...args], {
    env: { ...process.env, ZIHUA_DATA: join(scratch, name), ZIHUA_FARM_TOKEN: TOKEN },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  workers.set(name, child)
  const lines = createInterface(child.stderr!)
  await new Promise<void>(done => lines.on('line', line => line.includes('has joined') && done()))
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const sheet = () => page.locator('.sets')
const field = (name: string) => sheet().getByRole('textbox', { name, exact: true })
const machine = (name: string) => page.locator('.farm li', { hasText: name })
const job = () => page.locator('.job', { hasText: 'Tonight' })

test('the farm is named in the set sheet; a wrong token is told', async () => {
  await command(page, 'sets')
  await field('Words').fill(WORDS.join('\n'))
  await field('Name').fill('Tonight')
  await field('Sizes').fill('128 x 128')
  await sheet().getByRole('checkbox', { name: 'Paint it on the farm' }).check()
  await sheet().getByLabel('Address of the farm').fill(server.url)
  await sheet().getByLabel('Token').fill('wrong-token')
  await sheet().getByRole('button', { name: 'Connect' }).click()
  await expect(page.locator('.sets-farm .problem')).toContainText('refused the token or key')
  // The browser notes the refusal itself.
  complaints.length = 0
  await sheet().getByLabel('Token').fill(TOKEN)
  await sheet().getByRole('button', { name: 'Connect' }).click()
  await expect(page.locator('.farm header')).toContainText(server.url)
  await expect(page.locator('.farm')).toContainText('0 machines')
  expect(await page.content()).not.toContain(TOKEN)
})

test('machines are seen with what they do and how fast they are', async () => {
  await startWorker('Studio-PC')
  await expect(machine('Studio-PC')).toContainText('waits')
  await sheet()
    .getByRole('button', { name: /^Start/ })
    .click()
  await expect(job()).toBeVisible()
  // The queue's sheet has opened, with the machines below the set.
  await expect(job().locator('.farm li')).toContainText('paints')
  await expect(machine('Studio-PC')).toContainText(/\d pictures? an hour/)
  await expect(machine('Studio-PC')).toContainText(/ \d+\/\d+/)
  await page.keyboard.press('Escape')
  await command(page, 'sets')
  await expect(machine('Studio-PC')).toContainText('paints')
})

test('one is paused and told to end; the other finishes the set', async () => {
  await page.getByRole('button', { name: 'Studio-PC: pause' }).click()
  await expect(machine('Studio-PC')).toContainText('is paused')
  await expect(page.getByRole('button', { name: 'Studio-PC: go on' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page, '.sets')).toEqual([])
  }
  await startWorker('Laptop')
  const left = once(workers.get('Studio-PC')!, 'exit')
  await page.getByRole('button', { name: 'Studio-PC: finish and leave' }).click()
  expect((await left)[0]).toBe(0)
  await expect(machine('Studio-PC')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await command(page, 'queue')
  await expect(job()).toHaveAttribute('data-state', 'done', { timeout: 300_000 })
})

test('the folder is as its manifest says, and says which machines painted it', async () => {
  const folder = join(studio.data, 'sets', 'Tonight')
  expect(await verifySet(folder)).toMatchObject({ ok: true, missing: [], changed: [], extra: [] })
  const { pictures } = JSON.parse(await readFile(join(folder, 'set.json'), 'utf8'))
  expect(pictures.map(({ word }: { word: string }) => word)).toEqual(WORDS)
  for (const { made, legibility } of pictures) {
    expect(made).toMatchObject({ provider: 'cpu', device: expect.stringMatching(/./) })
    expect(legibility).not.toBeNull()
  }
  expect(unforeseen(complaints)).toEqual([])
})
