import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { keychain, keychainOver, keychainRequest, setKeychain } from './keychain.ts'

/** Both ends, with a parent that answers as told. */
function joined(answer: (text: string) => string | null | undefined, patience?: number) {
  const [toHost, toParent] = [new PassThrough(), new PassThrough()]
  createInterface({ input: toParent }).on('line', line => {
    const { id, text, keychain: what } = keychainRequest.parse(JSON.parse(line))
    const said = answer(`${what} ${text}`)
    if (said !== undefined) toHost.write(`noise\n{"id":99}\n${JSON.stringify({ id, text: said })}\n`)
  })
  return keychainOver(toHost, toParent, patience)
}

it('asks the parent, several at once, and takes nothing else for an answer', async () => {
  const own = joined(text => text.toUpperCase())
  expect(await Promise.all([own.seal('a\nb'), own.open('c'), own.seal('学')])).toEqual([
    'SEAL A\nB',
    'OPEN C',
    'SEAL 学',
  ])
})

it('a parent without a keychain, or one that is silent, has none', async () => {
  expect(await joined(() => null).seal('secret')).toBeNull()
  expect(await joined(() => undefined, 10).open('sealed')).toBeNull()
})

it('there is none but for the process that was given one', async () => {
  expect(await keychain().seal('secret')).toBeNull()
  setKeychain(joined(text => text))
  expect(await keychain().open('x')).toBe('open x')
  setKeychain(null)
  expect(await keychain().open('x')).toBeNull()
})
