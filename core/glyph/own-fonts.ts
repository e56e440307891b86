/**
 * Fonts that the designer has added: files in the data folder, found by their families like those of the system. Each is a
 * stranger's file until the door (font-door.ts) has read it.
 */
import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fault } from '../faults/fault.ts'
import { makeFolder, syncFolder, writeDurably } from '../files/durable.ts'
import { safeName } from '../files/safe-name.ts'
import { containerOf } from './font-container.ts'
import { missingIn } from './font-door.ts'
import { readFontNames } from './font-names.ts'
import { bundledFont } from './fonts.ts'
import { ownFontFolder, systemFontFolders, systemFonts } from './system-fonts.ts'

/** The largest pan-CJK fonts have 20 MB, collections of them 120 MB. */
export const MAX_OWN_FONT_BYTES = 128 * 1024 * 1024

/**
 * Keeps a font file in the data folder.
 * @param name what the file was called, for errors
 * @returns its family, which `layout.font` takes; the same again for the same bytes
 * @throws StudioError bad-font: not a font, damaged, packed for the web, or a family that is here already
 */
export async function addFont(name: string, bytes: Buffer): Promise<string> {
  const file = basename(name)
  if (bytes.length > MAX_OWN_FONT_BYTES) throw fault('ownFontTooLarge', { file })
  const container = containerOf(bytes)
  if (container === 'woff' || container === 'woff2') throw fault('fontForWeb', { file })
  if (!container) throw fault('notAFont', { file })
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const folder = ownFontFolder()
  await makeFolder(folder)
  // No ending of a font: it is not one of the list before it is known to be good.
  const waiting = join(folder, `${hash}.new`)
  try {
    await writeDurably(waiting, bytes)
    const [names] = await readFontNames(waiting).catch(cause => {
      throw fault('fontDamaged', { file }, { cause })
    })
    const family = names.family
    if (bundledFont(family) || (await isInstalled(family))) throw fault('fontIsHere', { font: family })
    await missingIn({ path: waiting, name: file, index: 0 }, 'a')
    const ending = container === 'ttc' ? 'ttc' : 'ttf'
    await rename(waiting, join(folder, `${safeName(family, 'font', 60)} ${hash}.${ending}`))
    await syncFolder(folder)
    return family
  } finally {
    await rm(waiting, { force: true })
    await systemFonts(undefined, true)
  }
}

/** Deletes the files of a family that was added; the fonts of the system stay. @returns whether there were any */
export async function removeFont(family: string): Promise<boolean> {
  const files = (await systemFonts([ownFontFolder()], true)).filter(font => font.family === family)
  for (const path of new Set(files.map(({ path }) => path))) await rm(path, { force: true })
  await systemFonts(undefined, true)
  return files.length > 0
}

async function isInstalled(family: string): Promise<boolean> {
  const own = ownFontFolder()
  const folders = systemFontFolders().filter(folder => folder !== own)
  return (await systemFonts(folders)).some(font => font.family === family)
}
