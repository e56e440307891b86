import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WordPainter } from '../library/testing.ts'
import type { SetInput } from './definition.ts'
import type { SetProgress } from './make-pictures.ts'
import { makeSet } from './make-set.ts'
import { fingerprintOf, SetReader, setIn } from './state.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zihua-state-'))
  await writeFile(join(root, 'model.safetensors'), 'weights')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const set: SetInput = {
  words: ['学', '习', '\u{10FFFD}'],
  styles: ['comic', 'neon'],
  request: { width: 64, height: 64, steps: 2 },
  sheet: false,
}
const make = (input: SetInput, folder: string, onProgress: (progress: SetProgress) => void, signal?: AbortSignal) =>
  makeSet(input, folder, {
    ...{ maker: new WordPainter(join(root, 'model.safetensors')), base: root, onProgress },
    ...(signal && { signal }),
  })

describe('a set’s state', () => {
  it('grows while it is made, and is the same as what is told', async () => {
    const folder = join(root, 'grows')
    const reader = new SetReader(folder, set)
    expect(await reader.read()).toEqual({ total: 0, pictures: [], failures: [], notes: [] })
    const told: SetProgress[] = []
    const seen: number[] = []
    const reads: Promise<unknown>[] = []
    await make(set, folder, progress => {
      told.push(progress)
      reads.push(reader.read().then(({ pictures, failures }) => seen.push(pictures.length + failures.length)))
    })
    await Promise.all(reads)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    const state = await reader.read()
    expect(state).toMatchObject({ total: 6, notes: [] })
    expect(state.pictures).toEqual(told.flatMap(({ made }) => made ?? []))
    // Which of those under way ends first is open.
    expect(state.pictures.map(({ index, word, style }) => [index, word, style]).toSorted()).toEqual([
      [1, '学', 'comic'],
      [2, '学', 'neon'],
      [3, '习', 'comic'],
      [4, '习', 'neon'],
    ])
    expect(state.failures).toEqual(told.flatMap(({ failure }) => failure ?? []))
    expect(state.failures.toSorted((a, b) => a.index - b.index)).toMatchObject([
      { index: 5, code: 'missing-glyph', key: 'noOutline', values: { count: 1, chosen: false } },
      { index: 6, code: 'missing-glyph', key: 'noOutline' },
    ])
  })

  it('reads failures and notes that an older version kept as English alone', async () => {
    const work = join(root, 'older', '.zihua')
    await mkdir(work, { recursive: true })
    const plan = { set: fingerprintOf(set), pictures: [{ key: 'k', index: 1, word: '学' }], notes: ['A note.'] }
    await writeFile(join(work, 'plan.json'), JSON.stringify(plan))
    const error = { code: 'bad-word', message: 'It was so.', hint: 'Do so.' }
    await writeFile(join(work, 'journal.jsonl'), `${JSON.stringify({ event: 'failed', key: 'k', error })}\n`)
    expect(await new SetReader(join(root, 'older'), set).read()).toMatchObject({
      failures: [{ index: 1, word: '学', ...error }],
      notes: [{ message: 'A note.' }],
    })
  })

  it('outlives a stop, and knows a set that is another one', async () => {
    const folder = join(root, 'stopped')
    const stop = new AbortController()
    await expect(make(set, folder, ({ done }) => done === 2 && stop.abort(), stop.signal)).rejects.toMatchObject({
      code: 'cancelled',
    })
    const reader = new SetReader(folder, set)
    const before = (await reader.read()).pictures.length
    expect(before).toBeGreaterThanOrEqual(2)
    await appendFile(join(folder, '.zihua', 'journal.jsonl'), '{"event":"done","key":"torn')
    expect((await reader.read()).pictures).toHaveLength(before)
    const other = { ...set, styles: ['oil'] }
    expect((await new SetReader(folder, other).read()).total).toBe(0)
    expect(await setIn(folder)).toBe(fingerprintOf({ ...set, formats: ['png'] }))
    await make(other, folder, () => {})
    expect((await reader.read()).total).toBe(0)
    expect((await new SetReader(folder, other).read()).pictures.map(({ style }) => style)).toEqual(['oil', 'oil'])
    expect(await setIn(root)).toBeNull()
  })
})
