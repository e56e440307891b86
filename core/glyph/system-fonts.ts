import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { dataFolder } from '../files/data-folder.ts'
import { type FontNames, readFontNames } from './font-names.ts'

export interface SystemFont extends FontNames {
  path: string
}

/** Where a font lies: a file, or a member of a collection. */
export interface FontFile {
  path: string
  name: string
  index: number
}

/** Where fonts lie that the designer has added to the studio (own-fonts.ts). */
export const ownFontFolder = (): string => join(dataFolder(), 'fonts')

/** Folders in which a system keeps its fonts, and the studio those that were added; missing ones are passed over. */
export const systemFontFolders = (platform: NodeJS.Platform = process.platform): string[] => [
  ...foldersOf(platform),
  ownFontFolder(),
]

function foldersOf(platform: NodeJS.Platform): string[] {
  const home = homedir()
  if (platform === 'win32')
    return [
      join(process.env['WINDIR'] ?? 'C:\\Windows', 'Fonts'),
      join(process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Microsoft', 'Windows', 'Fonts'),
    ]
  if (platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library', 'Fonts')]
  return [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(process.env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'fonts'),
    join(home, '.fonts'),
  ]
}

/** Every font under the folders; files that cannot be read as a font are passed over. */
async function scan(folders: string[]): Promise<SystemFont[]> {
  const found: SystemFont[] = []
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (entry.isDirectory() || !/\.(ttf|otf|ttc|otc)$/i.test(entry.name)) continue
      const path = join(entry.parentPath, entry.name)
      const fonts = await readFontNames(path).catch(() => [])
      for (const font of fonts) found.push({ ...font, path })
    }
  }
  return found
}

const scans = new Map<string, Promise<SystemFont[]>>()

/** The fonts of the system, scanned once per process; `again` scans anew, after a font was installed. */
export function systemFonts(folders: string[] = systemFontFolders(), again = false): Promise<SystemFont[]> {
  const key = folders.join('\0')
  let result = again ? undefined : scans.get(key)
  if (!result) scans.set(key, (result = scan(folders)))
  return result
}

/** The upright font of a family (any of its names, case ignored) nearest to a weight; null if there is no such family. */
export function nearestFont(fonts: SystemFont[], family: string, weight: number): SystemFont | null {
  const wanted = family.trim().toLowerCase()
  const distance = ({ weights: [lightest, boldest], italic }: SystemFont) =>
    Math.max(lightest - weight, weight - boldest, 0) + (italic ? 1000 : 0)
  let best: SystemFont | null = null
  for (const font of fonts)
    if ([font.family, ...font.aliases].some(name => name.toLowerCase() === wanted))
      if (!best || distance(font) < distance(best)) best = font
  return best
}
