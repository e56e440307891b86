/**
 * The one-time address for the browser, handed over in a file that nobody else may read: the arguments of a program can be
 * read by every user of the machine.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeDurably } from '../files/durable.ts'

/** A browser that was started takes seconds to read it. */
const KEPT_MS = 60_000

/**
 * Writes a page into the folder that leads to the address; it is removed after a minute, or by remove().
 * @returns the page's own address, without any secret
 * @throws StudioError 'cannot-write'
 */
export async function writeInvitation(
  folder: string,
  address: string,
): Promise<{ url: string; remove(): Promise<void> }> {
  const file = join(folder, 'open-studio.html')
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${address}"><title>Zihua Studio</title><a href="${address}">Zihua Studio</a>\n`
  await writeDurably(file, page, folder, 0o600)
  const remove = () => rm(file, { force: true })
  setTimeout(() => void remove().catch(() => {}), KEPT_MS).unref()
  return { url: pathToFileURL(file).href, remove }
}
