/** One direction: a folder of core imports only from those before it, so that the way from word to PNG reads in this order. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { expect, it } from 'vitest'

const ORDER = [
  ...['testing', 'faults', 'contract', 'raster', 'files', 'log', 'channel', 'pictures', 'tables'],
  ...['text', 'glyph', 'composition', 'conditioning', 'prompt'],
  ...['weights', 'sampler', 'graph', 'engine', 'downloads', 'machine', 'pipeline', 'processes', 'generate'],
  ...['image', 'legibility', 'output', 'library', 'sets', 'queue', 'farm'],
  ...['host', 'server', 'cli'],
]
const core = import.meta.dirname
const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))

/** Files that a source file imports, types included, relative to core. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(core, file), 'utf8')
  const targets = [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => target!)
  return targets.map(target => relative(core, resolve(core, dirname(file), target)))
}
const folderOf = (file: string) => file.split(sep)[0]!

it('knows every folder of core', () => {
  const folders = readdirSync(core, { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(folders.map(({ name }) => name).filter(name => !ORDER.includes(name))).toEqual([])
})

it('has no import against the order of folders', () => {
  const against = (file: string, target: string) =>
    target.startsWith('..')
      ? !target.endsWith('.json')
      : ORDER.indexOf(folderOf(target)) > ORDER.indexOf(folderOf(file))
  const wrong = files
    .flatMap(file => importsOf(file).map(target => ({ file, target })))
    .filter(({ file, target }) => against(file, target))
  expect(wrong.map(({ file, target }) => `core/${file} imports core/${target}`)).toEqual([])
})

it('has no circle of files', () => {
  const done = new Set<string>()
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')]
    if (done.has(file) || !file.endsWith('.ts')) return []
    const circles = importsOf(file)
      .filter(target => !target.startsWith('..'))
      .flatMap(target => visit(target, [...path, file]))
    done.add(file)
    return circles
  }
  expect(files.flatMap(file => visit(file, []))).toEqual([])
})
