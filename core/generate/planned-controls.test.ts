import { describe, expect, it } from 'vitest'
import { builtInStyle } from '../prompt/styles.ts'
import { completeRequest } from './complete-request.ts'
import { mapsFollowSeed } from './planned-controls.ts'

const completed = (input: object) =>
  completeRequest({ word: '学', ...input }, { style: builtInStyle('comic')!, manifest: null, trainedSize: null })
const scribble = (control: object) => completed({ controls: { scribble: { weight: 0.5, ...control } } })

describe('each picture of several has maps of its own', () => {
  it.each(['hand_drawn_simulation', 'style_aware_scribble'])('with %s', method => {
    expect(mapsFollowSeed(scribble({ method }))).toBe(true)
  })
  it.each<[string, object]>([
    ['lines that no seed draws', scribble({ method: 'skeletonization_scribble' })],
    ['a map that is off', scribble({ method: 'hand_drawn_simulation', weight: 0 })],
    ['a map of one’s own', scribble({ method: 'hand_drawn_simulation', image: 'mine.png' })],
    ['latents of a replay, by number', { ...scribble({ method: 'hand_drawn_simulation' }), latents: 'a#latents' }],
    ['no maps', completed({ controls: null })],
  ])('not with %s', (_, request) => {
    expect(mapsFollowSeed(request as ReturnType<typeof completed>)).toBe(false)
  })
})
