import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGUAGES, MAPS, METHODS } from '../contract/vocabulary.ts'
import { StudioError } from '../faults/studio-error.ts'
import { parseStyle, type StyleDefinition, templateProblems } from './style.ts'
import { BUILT_IN_STYLES, builtInStyle } from './styles.ts'

const weights = ({ controls }: StyleDefinition) => Object.fromEntries(MAPS.map(map => [map, controls[map].weight]))

describe('built-in styles', () => {
  it('are the files of the folder, each under its own id', () => {
    const files = readdirSync(new URL('styles', import.meta.url)).map(name => name.replace(/\.json$/, ''))
    expect(BUILT_IN_STYLES.map(({ id }) => id).sort()).toEqual(files.sort())
    expect(files.length).toBeGreaterThanOrEqual(16)
  })
  it('have names that differ in every language', () => {
    for (const language of LANGUAGES)
      expect(new Set(BUILT_IN_STYLES.map(({ name }) => name[language])).size).toBe(BUILT_IN_STYLES.length)
  })
  it('steer with every map, and leave SDXL room to paint', () => {
    for (const style of BUILT_IN_STYLES) {
      const sum = Object.values(weights(style)).reduce((a, b) => a + b, 0)
      expect(sum, style.id).toBeGreaterThanOrEqual(1.5)
      expect(sum, style.id).toBeLessThanOrEqual(3)
      expect(style.guidance, style.id).toBeGreaterThanOrEqual(5)
      expect(style.guidance, style.id).toBeLessThanOrEqual(7)
    }
  })
  it('comic and watercolor are as first described', () => {
    const comic = builtInStyle('comic')!
    expect(comic.template).toBe('A vibrant comic book style illustration of {meaning}, inspired by {character}')
    expect(weights(comic)).toEqual({ canny: 0.9, depth: 0.5, segmentation: 0.7, scribble: 0.3 })
    const watercolor = builtInStyle('watercolor')!
    expect(watercolor.template).toBe('A soft watercolor painting depicting {meaning}, with flowing brushstrokes')
    expect(weights(watercolor)).toEqual({ canny: 0.4, depth: 0.3, segmentation: 0.3, scribble: 0.8 })
  })
  it('an unknown id is none of them', () => expect(builtInStyle('polaroid')).toBeNull())
})

describe('a style from outside', () => {
  const comic = builtInStyle('comic')!
  const refused = (change: object, field: string) => () => {
    const error = catchError(() => parseStyle({ ...comic, ...change }))
    expect(error).toMatchObject({ code: 'bad-request', message: expect.stringContaining(`"${field}`) })
  }
  it('comes back as it was', () => expect(parseStyle(JSON.parse(JSON.stringify(comic)))).toEqual(comic))
  it('an id with capitals', refused({ id: 'Comic' }, 'id'))
  it('an id that climbs out of a folder', refused({ id: '../comic' }, 'id'))
  it('a name without Chinese', refused({ name: { en: 'a', ru: 'b' } }, 'name.zh'))
  it('an unknown placeholder', refused({ template: '{meaning} by {artist}' }, 'template'))
  it('a template without the meaning', refused({ template: 'A comic' }, 'template'))
  it('a brace without a partner', refused({ template: '{meaning} {' }, 'template'))
  it('a weight above 2', refused(control({ weight: 2.1 }), 'controls.canny.weight'))
  it('a weight below 0', refused(control({ weight: -0.1 }), 'controls.canny.weight'))
  it('a method of another map', refused(control({ method: METHODS.depth[0] }), 'controls.canny.method'))
  it('a window that ends before it starts', refused(control({ start: 0.8, end: 0.2 }), 'controls.canny'))
  it('an unknown sampler', refused({ sampler: 'magic' }, 'sampler'))
  it('a colour that is none', refused({ palette: ['#fff', '#000000'] }, 'palette.0'))
  it('a field that is not known', () => {
    expect(catchError(() => parseStyle({ ...comic, author: 'me' }))).toBeInstanceOf(StudioError)
  })

  function control(change: object) {
    return { controls: { ...comic.controls, canny: { ...comic.controls.canny, ...change } } }
  }
})

describe('templates', () => {
  it('doubled braces are braces', () => expect(templateProblems('{{x}} {meaning}')).toEqual([]))
  it('every problem is named', () => expect(templateProblems('{a} {b} }')).toHaveLength(4))
})

function catchError(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
