/** Starts the browser host in a folder of its own and opens Chromium on it: what the suite and the screenshots share. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fixture } from '../core/testing/fixtures.ts'

const root = resolve(import.meta.dirname, '..')

/** Debian's, or whichever CHROMIUM names; nothing is downloaded. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/** A model that paints: ours, or the tiny one of the fixtures. */
export const hasModel = existsSync(join(root, 'models/draft/model_index.json')) || Boolean(fixture('sdxl/pipeline'))

export interface Studio {
  /** Lets one browser in, once. */
  url: string
  data: string
  stop(): Promise<void>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** Id of the process that paints; 0 while there is none. */
  inference(): Promise<number>
}

/**
 * @param data the data folder, which stays; default a temporary one, which goes with the host
 * @param port default any that is free; what a page keeps in the browser belongs to its port
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

/** Runs an act of the command palette, in whatever language the screen speaks. */
export async function command(page: Page, id: string): Promise<void> {
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.locator(`[role=option][id$="-${id}"]`).click()
  await page.locator('.palette-input').waitFor({ state: 'detached' })
}

/** Commits the number of steps: many for a picture that has to be caught at work, few for one that has to be there. */
export async function setSteps(page: Page, steps: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Steps' })
  await field.fill(String(steps))
  await field.press('Enter')
}

/** Waits until nothing fades or slides any more: colours measured in the middle of it are nobody's. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime < Infinity)
    .map(({ finished }) => finished)).then(() => {})`)
}

/** What axe finds in a part of the page. It opens a page of its own, which a page without a context of ours does not allow. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
  )
}

/** Everything that the page complains about from now on, in its console or by an error that nobody caught. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on(
    'console',
    message => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
  )
  return complaints
}
