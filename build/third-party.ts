/**
 * The licence texts of everything that an installed studio carries, in one file: the installed packages (by
 * license-checker-rseidelsohn), what Vite bundled into the page (its own list), Node, and the libraries inside libvips.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { init, type ModuleInfos } from 'license-checker-rseidelsohn'

const root = resolve(import.meta.dirname, '..')
/** Vite writes it beside the page: renderer/vite.config.ts. */
export const PAGE_LICENCES = 'third-party-licences.md'
export const THIRD_PARTY = join(root, 'out/licences/THIRD-PARTY-LICENCES.txt')
const RULE = '='.repeat(100)

/** @returns the names of the packages that the file speaks of, "react@19.3.1" */
export async function writeThirdParty(file = THIRD_PARTY): Promise<string[]> {
  const packages = await installed()
  const own = (name: string) => readFile(join(import.meta.dirname, 'licences', name), 'utf8')
  const page = await readFile(join(root, 'out/renderer', PAGE_LICENCES), 'utf8')
  const parts = [
    section(`Node ${process.version}, the program that the studio runs on`, await own('Node.txt')),
    section('What is bundled into the page: React and others', page),
    section('@scalar/api-reference', await textIn(join(root, 'node_modules/@scalar/api-reference'))),
  ]
  for (const [name, { licenses, licenseFile, path }] of Object.entries(packages)) {
    // Where a package has no file of that name, license-checker names its README.
    const text = licenseFile && existsSync(licenseFile) ? await readFile(licenseFile, 'utf8') : ''
    const notice = path && existsSync(join(path, 'NOTICE')) ? `\n${await readFile(join(path, 'NOTICE'), 'utf8')}` : ''
    parts.push(section(`${name}: ${[licenses].flat().join(', ')}`, `${text}${notice}`))
  }
  for (const name of ['LGPL-3.0', 'GPL-3.0', 'MPL-1.1'])
    parts.push(
      section(
        `${name}, under which libvips and libraries in it are used (see @img/sharp-libvips above)`,
        await own(`${name}.txt`),
      ),
    )
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, parts.join(''))
  return [
    ...Object.keys(packages),
    ...[...page.matchAll(/^## (\S+) - (\S+)/gm)].map(([, name, version]) => `${name}@${version}`),
  ]
}

const section = (title: string, text: string) => `${RULE}\n${title}\n${RULE}\n\n${text.trim()}\n\n`

function installed(): Promise<ModuleInfos> {
  return new Promise((found, failed) =>
    init({ start: root, production: true, excludePrivatePackages: true }, (error, packages) =>
      error ? failed(error) : found(packages),
    ),
  )
}

async function textIn(folder: string): Promise<string> {
  for (const name of ['LICENSE', 'LICENSE.md'])
    if (existsSync(join(folder, name))) return readFile(join(folder, name), 'utf8')
  const { license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { license: string }
  return `Under the licence ${license}.`
}
