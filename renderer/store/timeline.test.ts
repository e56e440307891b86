import { expect, it } from 'vitest'
import { begin, edited, redone, undone } from './timeline.ts'

it('edits under one key are one step until it is sealed', () => {
  let line = begin('')
  for (const text of ['l', 'lo', 'lov', 'love']) line = edited(line, text, 'word')
  expect(line.past).toEqual([''])
  line = edited({ ...line, open: null }, 'loved', 'word')
  expect(line.past).toEqual(['', 'love'])
  line = edited(line, 'loved!')
  line = edited(line, 'loved!!')
  expect(line.past).toEqual(['', 'love', 'loved', 'loved!'])
})

it('steps back and forth end where they began; an edit after a step back ends the way forth', () => {
  const line = ['a', 'ab', 'abc'].reduce((line, text) => edited(line, text), begin(''))
  expect(redone(redone(undone(undone(line))))).toEqual({ ...line, open: null })
  const branched = edited(undone(line), 'abd')
  expect(branched.future).toEqual([])
  expect(redone(branched)).toEqual(branched)
  expect(undone(begin('x'))).toEqual(begin('x'))
  expect(edited(line, line.present)).toEqual(line)
})

it('forgets the oldest steps, and never the newest', () => {
  const line = Array.from({ length: 500 }, (_, at) => at).reduce((line, at) => edited(line, at), begin(-1))
  expect(line.past).toHaveLength(200)
  expect(undone(line).present).toBe(498)
})
