/**
 * A one-time address of the host that is open, in a file of the data folder that nobody else may read. The browser is handed
 * the file, as the arguments of a program can be read by every user of the machine; a second host finds the first by it.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeDurably } from '../files/durable.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import type { Served } from './serve.ts'

const fileIn = (dataFolder: string) => join(dataFolder, 'open-studio.html')

/** Keeps a page in the folder that leads to an address that has not been used. A full disk only leaves it out. */
export class Invitation {
  readonly #folder: string
  readonly #writing = new SerialQueue()
  #kept = true

  constructor(dataFolder: string) {
    this.#folder = dataFolder
  }

  /** Resolves when the page is there, or cannot be. */
  async keep(served: Pick<Served, 'keepReady'>): Promise<void> {
    served.keepReady(url => {
      void this.#writing.run(async () => {
        if (this.#kept) await writeDurably(fileIn(this.#folder), pageTo(url), this.#folder, 0o600).catch(() => {})
      })
    })
    await this.#writing.run(async () => {})
  }

  async remove(): Promise<void> {
    this.#kept = false
    await this.#writing.run(async () => removeInvitation(this.#folder))
  }
}

/** What a host that was killed has left leads nowhere. */
export function removeInvitation(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true })
}

/** The address in the folder's page; null: there is none. */
export async function readInvitation(dataFolder: string): Promise<string | null> {
  const page = await readFile(fileIn(dataFolder), 'utf8').catch(() => '')
  return /<a href="(http:\/\/[^"<>\s]+)">/.exec(page)?.[1] ?? null
}

/** Has the system's browser open the folder's page, where there is a desktop. Without a browser nothing happens. */
export function openInvitation(dataFolder: string): void {
  if (!hasDesktop()) return
  const [command, args] = opener(pathToFileURL(fileIn(dataFolder)).href)
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

const pageTo = (address: string) =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><title>Zihua Studio</title><a href="${address}">Zihua Studio</a>\n`

/** Whether windows can be shown. */
export function hasDesktop(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (env['CI']) return false
  return platform === 'win32' || platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/** The command that opens an address in the default browser. */
export function opener(url: string, platform: NodeJS.Platform = process.platform): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]]
  // The empty text is the window's title; without it start takes the address for one.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url]]
  return ['xdg-open', [url]]
}
