import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { parsePythonJson } from '../core/files/python-json.ts'
import { safeName } from '../core/files/safe-name.ts'
import { regexesIn, slowRegexes, sourcesToCheck, untried } from './regexes.ts'

const root = resolve(import.meta.dirname, '..')

it('a slow expression is found, with its place', { timeout: 60_000 }, async () => {
  const source = "const a = 1\nconst b = /[.]+$/\nconst c = /^a+$/\nconst d = new RegExp('(x+)+y', 'u')"
  const slow = await slowRegexes(regexesIn('x.ts', source))
  expect(slow.map(({ line, complexity }) => [line, complexity])).toEqual([
    [2, '2nd degree polynomial'],
    [4, 'exponential'],
  ])
})

it('no expression of the product is slow', { timeout: 300_000 }, async () => {
  const regexes = sourcesToCheck().flatMap(file => regexesIn(file, readFileSync(join(root, file), 'utf8')))
  expect(regexes.length).toBeGreaterThan(300)
  // Those that were tried before are listed in proved-regexes.txt.
  const slow = await slowRegexes(untried(regexes))
  expect(slow.map(({ file, line, source, attack }) => `${file}:${line} /${source}/ on ${attack}`)).toEqual([])
})

it.each([
  ['dots', '.'.repeat(100_000)],
  ['dots inside', `a${'.'.repeat(100_000)}b`],
  ['spaces', `${' '.repeat(100_000)}x`],
  ['joiners', `x${'\u200d'.repeat(100_000)}x`],
])('a name of 100,000 %s is a name at once', (_, text) => {
  const start = performance.now()
  expect(safeName(text).length).toBeGreaterThan(0)
  expect(performance.now() - start).toBeLessThan(1000)
})

it('JSON that never ends its strings is refused at once', () => {
  const start = performance.now()
  expect(() => parsePythonJson('"\\"'.repeat(200_000))).toThrow(SyntaxError)
  expect(performance.now() - start).toBeLessThan(1000)
})
