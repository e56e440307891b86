import { beforeEach, expect, it } from 'vitest'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { findCommands } from './find.ts'

beforeEach(() => {
  const font = { id: 'noto-serif', family: 'Noto Serif', source: 'bundled' as const }
  useFacts.setState({ fonts: [font as ReturnType<typeof useFacts.getState>['fonts'][number]] })
})

const ids = (text: string) => findCommands(text).map(({ id }) => id)

it('without a text there are commands alone', () => {
  expect(ids('')).toContain('generate')
  expect(ids('').filter(id => id.includes(':'))).toEqual([])
  expect(ids('').includes('palette')).toBe(false)
})

it('a font is found by its name and chosen', () => {
  expect(ids('noto ser')).toEqual(['font:noto-serif'])
  findCommands('noto ser')[0]?.run()
  expect(useCompose.getState().present.request.layout?.font).toBe('noto-serif')
})

it('what cannot be done now is not offered', () => {
  useCompose.setState({ past: [], future: [] })
  expect(ids('undo')).toEqual([])
  useCompose.getState().patch({ word: '火' })
  expect(ids('undo')).toEqual(['undo'])
})
