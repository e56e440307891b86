import { expect, it } from 'vitest'
import { type Block, blockSchema } from '../../core/contract/composition.ts'
import { isWritten } from './canvas.ts'

const transform = { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 }
const composition = (...texts: (string | null)[]) => ({
  gap: 0,
  blocks: texts.map(text => blockSchema.parse({ kind: 'word', source: { text }, transform }) as Block),
})

it('a word is painted without blocks, by the block that stands for it, or by one that says the same', () => {
  expect(isWritten(null, '水')).toBe(true)
  expect(isWritten(composition('火', null), '水')).toBe(true)
  expect(isWritten(composition('水'), '水')).toBe(true)
  expect(isWritten(composition('火'), '水')).toBe(false)
  const motif = blockSchema.parse({ kind: 'motif', source: { emoji: '🌊', form: 'line' }, transform })
  expect(isWritten({ gap: 0, blocks: [motif] }, '水')).toBe(false)
})

it('words of a list are painted by a block that has no text of its own', () => {
  expect(isWritten(composition('火', null), null)).toBe(true)
  expect(isWritten(composition('火'), null)).toBe(false)
})
