/** Starts the browser host in its own folder; shared by the browser stories and the screenshots. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { findChromium } from '../build/chromium.ts'
import { Library } from '../core/library/library.ts'
import { WordPainter } from '../core/library/testing.ts'
import { fixture } from '../core/testing/fixtures.ts'

const root = resolve(import.meta.dirname, '..')

/** What build/chromium.ts finds; where there is none, a path that is not there, and the stories are skipped and say so. */
export const CHROMIUM = findChromium() ?? '/usr/bin/chromium'
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/** Whether a model is there: the draft, or the tiny one of the fixtures. */
export const hasModel = existsSync(join(root, 'models/draft/model_index.json')) || Boolean(fixture('sdxl/pipeline'))

export interface Studio {
  /** Address with a one-time token. */
  url: string
  data: string
  stop(): Promise<void>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** Id of the inference process; 0 while there is none. */
  inference(): Promise<number>
}

/**
 * @param data a data folder, which is kept; default: a temporary one, removed with the host
 * @param port default: any free one; the browser's storage belongs to the port
 */
export async function startStudio(data?: string, port = 0): Promise<Studio> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'zihua-e2e-'))
  const host = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'e2e/serve.ts'), String(port)], {
    env: { ...process.env, ZIHUA_DATA: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(host.stdout)[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('The host ended before it answered.')
    return value
  }
  const end = async (how: () => void) => {
    const exited = once(host, 'exit')
    how()
    await exited
    if (!data) rmSync(folder, { recursive: true, force: true })
  }
  return {
    url: await line(),
    data: folder,
    stop: () => end(() => host.stdin.end()),
    kill: () => end(() => host.kill('SIGKILL')),
    inference: async () => {
      host.stdin.write('inference\n')
      const answer = await line()
      if (!/^\d+$/.test(answer)) throw new Error(`The host answered "${answer}" where a process id was asked for.`)
      return Number(answer)
    },
  }
}

/** Fills the library of a data folder with small pictures of words, so that a story need not wait for a model. */
export async function fillLibrary(data: string, words: readonly string[]): Promise<void> {
  const library = await Library.open(data)
  const painter = new WordPainter(resolve('package.json'))
  for (const [seed, word] of words.entries()) {
    const [made] = await painter.generate({ word, seed, width: 64, height: 64, model: 'draft' })
    await library.add(made, { base: data, legibility: 0.9 })
  }
  library.close()
}

/** Runs a command through the palette, in any language. */
export async function command(page: Page, id: string): Promise<void> {
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.locator(`[role=option][id$="-${id}"]`).click()
  await page.locator('.palette-input').waitFor({ state: 'detached' })
}

/** Sets the number of steps: many to observe a running picture, few to get one quickly. */
export async function setSteps(page: Page, steps: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Steps' })
  await field.fill(String(steps))
  await field.press('Enter')
}

/** Waits for animations to end: axe would measure contrast in the middle of a fade. */
async function settled(page: Page): Promise<void> {
  // An animation that is begun anew may leave its old promise open for ever.
  await page.evaluate(`Promise.race([
    new Promise(late => setTimeout(late, 3000)),
    Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime < Infinity)
      .map(({ finished }) => finished)),
  ]).then(() => {})`)
}

/** What axe finds in a part of the page. axe needs a page of a context made by the test. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
  )
}

/** Collects console errors and uncaught errors of the page from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on(
    'console',
    message => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
  )
  return complaints
}

/** Without what is no fault: typing that follows overtakes maps. */
export const unforeseen = (complaints: readonly string[]): string[] =>
  complaints.filter(text => !/409 .*\/rpc\/maps\/preview$/.test(text))

/** Drops a file onto what a selector finds, as from the desktop. @param content text, or bytes as a data URL */
export async function dropFile(
  page: Page,
  selector: string,
  name: string,
  type: string,
  content: string,
): Promise<void> {
  const script = `(async () => {
    const content = ${JSON.stringify(content)}
    const bytes = content.startsWith('data:')
      ? Uint8Array.from(atob(content.split(',')[1]), letter => letter.charCodeAt(0))
      : content
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }))
    const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    document.querySelector(${JSON.stringify(selector)}).dispatchEvent(event)
  })()`
  await page.evaluate(script)
}
