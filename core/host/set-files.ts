/** The names of a finished set's files, as its manifest has them. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { MANIFEST } from '../sets/manifest.ts'

const FIELD = /^ {1}"(\w+)":/
const PICTURE_FIELD = /^ {3}"(\w+)":/
const NAME_OF_OTHER = /^ {3}"name": (".*"),$/
const NAME_OF_PICTURE_FILE = /^ {5}"name": (".*"),$/

/**
 * All files that set.json in this folder names, and itself; none where there is no such file. It is read by lines, as it was
 * written (one space a level, core/sets/manifest.ts): the manifest of a long set does not fit into memory, and a text cannot
 * forge a line, as JSON has no line feeds in texts.
 */
export async function filesOfSet(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  let [field, inner] = ['', '']
  try {
    for await (const line of linesOf(join(folder, MANIFEST))) {
      field = FIELD.exec(line)?.[1] ?? field
      inner = PICTURE_FIELD.exec(line)?.[1] ?? inner
      const other = field === 'others' && NAME_OF_OTHER.exec(line)
      const picture = field === 'pictures' && inner === 'files' && NAME_OF_PICTURE_FILE.exec(line)
      const found = other || picture
      if (found) names.add(JSON.parse(found[1]))
    }
  } catch {
    return new Set()
  }
  return names.size > 0 ? names.add(MANIFEST) : names
}

/** Ended by line feeds alone: node:readline also ends them at U+2028, which texts of JSON may hold. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const part of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
