import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { command } from './command.ts'
import { composition } from './composition.ts'
import { downloads } from './downloads.ts'
import { engine } from './engine.ts'
import { farm } from './farm.ts'
import { FAULTS, fault, phrase, reportOf } from './fault.ts'
import { host } from './host.ts'
import { image } from './image.ts'
import { phraseOfIssue } from './issue.ts'
import { library } from './library.ts'
import { machine } from './machine.ts'
import { maps } from './maps.ts'
import { model } from './model.ts'
import { parse } from './parse.ts'
import { request } from './request.ts'
import { sets } from './sets.ts'
import { StudioError } from './studio-error.ts'
import { style } from './style.ts'
import { weights } from './weights.ts'
import { word } from './word.ts'

describe('a fault', () => {
  it('says in English what its values say', () => {
    const error = fault('noSuchFont', { font: 'Nowhere' })
    expect(error).toBeInstanceOf(StudioError)
    expect(error).toMatchObject({
      code: 'bad-font',
      message: 'No font "Nowhere" is installed.',
      key: 'noSuchFont',
      values: { font: 'Nowhere' },
    })
  })
  it('takes phrases among its values, and keeps them as phrases', () => {
    const complaints = [
      phrase('keysMissing', { count: 2, names: 'a, b' }),
      phrase('keysBeyondConfig', { count: 1, names: 'c' }),
    ]
    const error = fault('weightsDoNotFit', { label: 'unet', complaints })
    expect(error.message).toBe('unet: 2 missing: a, b; 1 of more layers than the config has: c.')
    expect(error.values).toEqual({ label: 'unet', complaints })
  })
  it('keeps its cause', () => {
    const cause = new Error('EACCES')
    expect(fault('bodyUnreadable', {}, { cause }).cause).toBe(cause)
  })
  it('crosses a process as it is', () => {
    const error = fault('pictureTooLarge', { name: phrase('thePicture'), width: 30_000, height: 2 })
    for (const travelled of [structuredClone(error.report()), JSON.parse(JSON.stringify(error.report()))])
      expect(StudioError.from(travelled).report()).toEqual(error.report())
  })
  it('is not needed: an error of the place has its sentences alone', () => {
    const report = new StudioError('internal', 'It broke.', 'Mend it.').report()
    expect(report).toEqual({ code: 'internal', message: 'It broke.', hint: 'Mend it.' })
    expect(StudioError.from(report).report()).toEqual(report)
  })
  it('tells what nobody foresaw in its own words', () => {
    expect(reportOf(new RangeError('no'))).toMatchObject({ code: 'internal', message: 'no', key: 'unexpected' })
    expect(reportOf(fault('wordIsEmpty'), 'mapFailed')).toMatchObject({ key: 'wordIsEmpty' })
  })
  it('has a key of its own, whatever its area', () => {
    const areas = [
      ...[word, image, maps, request, weights, model, engine, library, machine, host, style, sets, command],
      ...[downloads, composition, farm],
    ]
    expect(areas.flatMap(area => Object.keys(area)).toSorted()).toEqual(Object.keys(FAULTS).toSorted())
  })
})

describe('what a schema says', () => {
  const issueOf = (schema: z.ZodType, value: unknown) => phraseOfIssue(schema.safeParse(value).error!.issues[0])
  it.each([
    [z.int().min(3), 2, 'tooSmall', { of: 'number', bound: 3, inclusive: true }, 'a number of at least 3 is expected'],
    [z.number().gt(3), 3, 'tooSmall', { of: 'number', bound: 3, inclusive: false }, 'a number above 3 is expected'],
    [z.string().min(1), '', 'tooSmall', { of: 'string', bound: 1, inclusive: true }, 'it is empty'],
    [z.number().max(9), 10, 'tooBig', { of: 'number', bound: 9, inclusive: true }, 'a number of at most 9 is expected'],
    [
      z.string().max(2),
      'abc',
      'tooBig',
      { of: 'string', bound: 2, inclusive: true },
      'it is too long, 2 characters at most',
    ],
    [z.array(z.int()).min(1), [], 'tooSmall', { of: 'array', bound: 1, inclusive: true }, 'the list is empty'],
    [z.int(), 1.5, 'wrongType', { expected: 'int' }, 'a whole number is expected'],
    [z.string(), undefined, 'fieldMissing', {}, 'it is missing'],
    [z.enum(['a', 'b']), 'c', 'notOneOf', { choices: '"a", "b"' }, 'one of these is expected: "a", "b"'],
    [z.strictObject({}), { x: 1 }, 'keysUnknown', { keys: '"x"' }, 'there is no such field: "x"'],
    [z.int().multipleOf(64), 65, 'notMultiple', { of: 64 }, 'a multiple of 64 is expected'],
    [z.string().regex(/^a$/), 'b', 'notUnderstood', {}, 'the value is not understood'],
    [z.union([z.string(), z.int()]), null, 'notUnderstood', {}, 'the value is not understood'],
  ])('%# has a key, its values and plain English', (schema, value, key, values, message) => {
    expect(issueOf(schema, value)).toEqual({ key, values, message })
  })
  it('is its own phrase where it has one, and English alone where it is of another kind', () => {
    const expected = phrase('sizeExpected')
    expect(issueOf(z.string().regex(/x/, expected.message), '1')).toEqual({
      message: expected.message,
      key: 'sizeExpected',
    })
    expect(issueOf(z.iso.date(), 'today')).toEqual({ message: expect.stringContaining('date') })
  })
  it('names the field', () => {
    const schema = z.object({ a: z.object({ b: z.int() }) })
    expect(() => parse(schema, { a: { b: 'x' } }, phrase('theSet'))).toThrow(
      expect.objectContaining({ key: 'fieldWrong', values: expect.objectContaining({ field: 'a.b' }) }),
    )
  })
})

it('no error has its sentences outside the catalogue', () => {
  const root = join(import.meta.dirname, '../..')
  const sources = globSync(['core/**/*.ts', 'electron/**/*.ts'], {
    cwd: root,
    exclude: ['**/*.test.ts', 'core/faults/**'],
  })
  expect(sources.length).toBeGreaterThan(200)
  expect(sources.filter(file => readFileSync(join(root, file), 'utf8').includes('new StudioError('))).toEqual([])
})
