import { beforeEach, describe, expect, it } from 'vitest'
import { isPromptStale, requestOf, useCompose } from './compose.ts'
import { begin } from './timeline.ts'

const compose = () => useCompose.getState()
const request = () => compose().present.request

beforeEach(() => {
  const draft = { request: { word: '学习', style: 'comic', seed: 1 }, off: [], solo: null, seedLocked: false }
  useCompose.setState(begin(draft))
})

describe('the request that is sent', () => {
  it('a map that is off weighs nothing and keeps its settings', () => {
    compose().control('depth', { weight: 0.7, end: 0.5 })
    compose().edit(draft => ({ ...draft, off: ['depth'] }))
    expect(requestOf(compose().present).controls).toEqual({ depth: { weight: 0, end: 0.5 } })
    expect(request().controls?.depth).toEqual({ weight: 0.7, end: 0.5 })
  })

  it('a solo map silences the others, and itself where it is off too', () => {
    compose().edit(draft => ({ ...draft, off: ['canny'], solo: 'canny' }))
    expect(Object.keys(requestOf(compose().present).controls ?? {}).sort()).toEqual([
      'depth',
      'scribble',
      'segmentation',
    ])
  })

  it('without settings of one’s own it names no maps', () => {
    expect(requestOf(compose().present)).toEqual({ word: '学习', style: 'comic', seed: 1 })
  })
})

it('resetting one map leaves the others, resetting all clears what was switched off', () => {
  compose().control('depth', { weight: 0.1 })
  compose().control('canny', { weight: 0.2 })
  compose().edit(draft => ({ ...draft, off: ['depth', 'canny'], solo: 'depth' }))
  compose().resetControl('depth')
  expect(request().controls).toEqual({ canny: { weight: 0.2 } })
  expect(compose().present.off).toEqual(['canny'])
  compose().resetControl()
  expect(compose().present).toMatchObject({ off: [], solo: null })
  expect(request().controls).toBeUndefined()
})

describe('a prompt by hand', () => {
  const isStale = () => isPromptStale(compose().present)

  it('is marked once the word or the style is another one, and not while it is edited for it', () => {
    compose().patch({ prompt: 'grass', negativePrompt: '' })
    expect(isStale()).toBe(false)
    compose().patch({ word: '山' })
    expect(isStale()).toBe(true)
    compose().patch({ prompt: 'a mountain of grass' })
    expect(isStale()).toBe(false)
    compose().patch({ style: 'neon' })
    expect(isStale()).toBe(true)
    compose().undo()
    expect(isStale()).toBe(false)
  })

  it('that is given up is not marked', () => {
    compose().patch({ prompt: 'grass' })
    compose().patch({ style: 'neon' })
    compose().patch({ prompt: null })
    expect(isStale()).toBe(false)
    compose().patch({ style: 'oil' })
    expect(isStale()).toBe(false)
  })
})

describe('a late answer', () => {
  it('is written where nothing was edited since', () => {
    const asked = request()
    compose().patch({ width: 256 })
    compose().patchUntouched(asked, { width: 512, height: 768, initImage: 'a.png' })
    expect(request()).toMatchObject({ width: 256, height: 768, initImage: 'a.png' })
    const past = compose().past.length
    compose().patchUntouched(asked, { width: 512 })
    expect(compose().past).toHaveLength(past)
  })

  it('the seed of a sent picture is no step of the history', () => {
    const { present, past } = compose()
    compose().noteSeed(present, 42)
    expect(request().seed).toBe(42)
    expect(compose().past).toHaveLength(past.length)
    compose().noteSeed(present, 43)
    expect(request().seed).toBe(42)
  })
})
