import { describe, expect, it } from 'vitest'
import { parseSet } from '../../core/sets/definition.ts'
import { definitionOf, draftOf, FIRST_SET, parseSeeds, parseSizes, parseValues, type SetDraft } from './draft.ts'

describe('lists in one line', () => {
  it('seeds, with ranges', () => {
    expect(parseSeeds('1, 2,5-8，0')).toEqual({ values: [1, 2, 5, 6, 7, 8, 0], wrong: null })
    expect(parseSeeds('1, two, 3')).toEqual({ values: [1, 3], wrong: 'two' })
    for (const wrong of ['8-5', '-1', '1.5', '1-99999999']) expect(parseSeeds(wrong)).toEqual({ values: [], wrong })
    expect(parseSeeds('  ')).toEqual({ values: [], wrong: null })
  })

  it('sizes, however the cross is written', () => {
    expect(parseSizes('512x512, 768 × 512; 64 х 64').values).toEqual([
      [512, 512],
      [768, 512],
      [64, 64],
    ])
    expect(parseSizes('512, 64x64').wrong).toBe('512')
  })

  it('values of a field, with what they are called', () => {
    expect(parseValues('0.2, 1 = strong, euler, true').values).toEqual([
      { value: 0.2, label: '0.2' },
      { value: 1, label: 'strong' },
      { value: 'euler', label: 'euler' },
      { value: true, label: 'true' },
    ])
    const half = { value: 0.5, label: '0.5' }
    expect(parseValues('0,5; 1 = strong').values).toEqual([half, { value: 1, label: 'strong' }])
    expect(parseValues('1,2').values).toHaveLength(2)
  })
})

describe('a set as it is typed', () => {
  const desk = { word: '学', translation: 'study', style: 'neon', seed: 9, count: 4, model: 'draft', steps: 2 }

  it('takes from the desk what all pictures share, and its style where none is chosen', () => {
    const definition = definitionOf({ ...FIRST_SET, count: 3, firstSeed: 5 }, [{ word: '水' }], desk)
    expect(parseSet(definition)).toMatchObject({
      styles: ['neon'],
      count: 3,
      request: { model: 'draft', steps: 2, seed: 5 },
    })
    expect(Object.keys(definition.request ?? {}).toSorted()).toEqual(['model', 'seed', 'steps'])
  })

  it('comes back from the definition that it means', () => {
    const draft: SetDraft = {
      ...FIRST_SET,
      name: 'Lesson',
      words: '水',
      styles: ['oil', 'clay'],
      seeding: 'list',
      seeds: '1, 7',
      sizes: '64 × 128',
      formats: ['webp', 'tiff'],
      transparent: true,
      strip: true,
      maps: ['depth'],
      files: '{word}',
      zip: true,
      keep: 'legible',
      target: 0.8,
      tries: 2,
      sheet: false,
      folder: '/here',
      request: { steps: 3 },
      x: { field: 'steps', values: '2, 4 = more' },
      y: { field: 'sampler', values: 'euler, heun' },
      variants: [{ name: 'soft', request: { controls: { canny: { weight: 0.2 } } } }],
    }
    const definition = parseSet(definitionOf(draft, [{ word: '水' }], desk))
    expect(definition.matrix).toEqual({
      x: { field: 'steps', values: [2, 4], labels: ['2', 'more'] },
      y: { field: 'sampler', values: ['euler', 'heun'] },
    })
    expect(draftOf(definition, '水', '/here')).toEqual({ ...draft, x: { field: 'steps', values: '2, 4 = more' } })
  })

  it('compares along the side that is filled in', () => {
    const draft = { ...FIRST_SET, y: { field: 'steps', values: '2, 4' }, x: { field: 'seed', values: '' } }
    expect(definitionOf(draft, [{ word: '水' }], desk).matrix).toEqual({ x: { field: 'steps', values: [2, 4] } })
  })
})
