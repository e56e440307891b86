/** Starts the browser host in a folder of its own and opens Chromium on it: what the suite and the screenshots share. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from '@playwright/test'

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

export interface Studio {
  /** Lets one browser in, once. */
  url: string
  data: string
  stop(): Promise<void>
}

/** @param data the data folder; default a temporary one, which goes with the host */
export async function startStudio(data?: string): Promise<Studio> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'zihua-e2e-'))
  const host = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'e2e/serve.ts')], {
    env: { ...process.env, ZIHUA_DATA: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const url = await firstLine(host)
  const stop = async () => {
    const exited = once(host, 'exit')
    host.stdin?.end()
    await exited
    if (!data) rmSync(folder, { recursive: true, force: true })
  }
  return { url, data: folder, stop }
}

async function firstLine(host: ChildProcess): Promise<string> {
  if (!host.stdout) throw new Error('The host has no output.')
  for await (const line of createInterface(host.stdout)) return line
  throw new Error('The host ended before it said where it is.')
}

/** Runs an act of the command palette, in whatever language the screen speaks. */
export async function command(page: Page, id: string): Promise<void> {
  await page.locator('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.locator(`[role=option][id$="-${id}"]`).click()
  await page.locator('.palette-input').waitFor({ state: 'detached' })
}
