/** What the guide's pictures show: when any of it changes, they are to be taken again. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sha256 } from '../../core/files/hashes.ts'

const root = resolve(import.meta.dirname, '../..')
export const PICTURES = join(root, 'docs/guide/pictures')
export const INPUTS = join(PICTURES, 'inputs.json')

/** One hash over the page's sources (tests and the guide's own sheet left out) and over the script that takes the pictures. */
export function hashOfInputs(): string {
  const files = readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' })
    .map(file => `renderer/${file.replaceAll('\\', '/')}`)
    .filter(file => /\.(tsx?|css|html|svg)$/.test(file) && !/\.test\.|^renderer\/guide\/|faults\//.test(file))
  const all = [...files, 'build/guide/guide-pictures.ts'].sort()
  return sha256(
    all.map(file => `${file}\n${readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')}`).join('\n'),
  )
}
