import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { ALL_CHOICES } from '../../conditioning/make-map.ts'
import { StudioError } from '../../faults/studio-error.ts'
import { MapPool } from '../../processes/maps/pool.ts'
import { readGray } from '../../raster/testing-goldens.ts'
import { fixture } from '../../testing/fixtures.ts'
import { parseMethods } from './method-list.ts'
import { runMaps } from './run-maps.ts'
import type { MapsRecord } from './save-maps.ts'

const pool = new MapPool()
afterAll(() => pool.close())
const temporary = () => mkdtempSync(join(tmpdir(), 'zihua-maps-'))
const recordIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'maps.json'), 'utf8')) as MapsRecord
const errorOf = (run: () => Promise<unknown>) =>
  run().then(
    () => null,
    (error: unknown) => error,
  )
const small = { width: 128, height: 96, pool }

describe('the list of methods', () => {
  const keys = (list?: string) =>
    parseMethods(list).map(({ map, method, named }) => `${map}.${method}${named ? '!' : ''}`)
  it('all, none, all of one map, one by name', () => {
    expect(parseMethods('all')).toHaveLength(13)
    expect(keys()).toEqual([
      'canny.opencv_canny!',
      'depth.stroke_thickness_depth!',
      'segmentation.radical_segmentation!',
      'scribble.skeletonization_scribble!',
    ])
    expect(keys('depth=all, canny=adaptive_canny')).toEqual([
      'depth.stroke_thickness_depth',
      'depth.distance_transform_depth',
      'depth.ai_depth_estimation',
      'depth.stroke_width_depth',
      'canny.adaptive_canny!',
    ])
    expect(keys('depth=all,depth=ai_depth_estimation')).toContain('depth.ai_depth_estimation!')
  })
  for (const list of ['', 'canny', 'canny=', 'canny=a=b', 'canny=sobel', 'edges=all', 'canny=all,'])
    it(`refuses "${list}"`, () => expect(() => parseMethods(list)).toThrow(StudioError))
})

describe('runMaps', () => {
  it('writes a PNG for each map, the mask and maps.json', async () => {
    const out = join(temporary(), 'new', 'maps')
    const heard: string[] = []
    const record = await runMaps({ word: '学', out, ...small, onMap: ({ method }) => heard.push(method) })
    expect(readdirSync(out).sort()).toEqual([
      'canny.opencv_canny.png',
      'depth.stroke_thickness_depth.png',
      'maps.json',
      'mask.png',
      'scribble.skeletonization_scribble.png',
      'segmentation.radical_segmentation.png',
    ])
    expect(readdirSync(join(out, '..'))).toEqual(['maps'])
    expect(recordIn(out)).toEqual(record)
    expect(record).toMatchObject({ version: 1, word: '学', width: 128, height: 96, missing: [] })
    expect(record.fonts[0].sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(record.maps.map(({ mode }) => mode)).toEqual([3, 1, 5, 2])
    expect(record.maps[2].legend.map(({ meaning }) => meaning)).toEqual(['paper', 'radical', 'rest'])
    expect(heard).toHaveLength(4)
    for (const { file, map } of record.maps) {
      const { channels, width, height, depth } = await sharp(join(out, file)).metadata()
      expect({ channels, width, height, depth }).toEqual({
        channels: map === 'segmentation' ? 3 : 1,
        width: 128,
        height: 96,
        depth: 'uchar',
      })
    }
  })

  it('goes into an existing folder beside what is there', async () => {
    const out = temporary()
    writeFileSync(join(out, 'notes.txt'), 'mine')
    await runMaps({ word: '一', out, methods: 'canny=opencv_canny', ...small })
    expect(readdirSync(out).sort()).toEqual(['canny.opencv_canny.png', 'maps.json', 'mask.png', 'notes.txt'])
  })

  it('all without models: makes ten, reports two', async () => {
    const out = temporary()
    const warned: string[] = []
    const options = { methods: 'all', modelsFolder: join(out, 'none'), ...small }
    const record = await runMaps({ word: '永', out, ...options, onWarning: ({ method }) => warned.push(method) })
    expect(record.maps.map(({ method }) => method)).toEqual(
      ALL_CHOICES.map(({ method }) => method).filter(method => !method.startsWith('ai_')),
    )
    expect(record.missing.map(({ method, code }) => `${method} ${code}`).sort()).toEqual([
      'ai_depth_estimation missing-model',
      'ai_segmentation missing-model',
    ])
    expect(record.missing[0].hint).toMatch(/models download/)
    expect(warned.sort()).toEqual(['ai_depth_estimation', 'ai_segmentation'])
  })

  it('a missing model asked for by name is an error, and nothing is written', async () => {
    const out = join(temporary(), 'maps')
    const methods = 'canny=all,depth=ai_depth_estimation'
    const error = await errorOf(() => runMaps({ word: '永', out, methods, modelsFolder: '/nowhere', ...small }))
    expect(error).toMatchObject({ code: 'missing-model' })
    expect(existsSync(out)).toBe(false)
  })

  it('needs a word or a picture, not both, not none', async () => {
    const out = temporary()
    expect(await errorOf(() => runMaps({ out, pool }))).toMatchObject({ code: 'bad-request' })
    expect(await errorOf(() => runMaps({ out, word: '一', picture: 'x.png', pool }))).toMatchObject({
      code: 'bad-request',
    })
  })

  it('an output that cannot be written is one clear error and leaves nothing', async () => {
    const folder = temporary()
    writeFileSync(join(folder, 'file'), '')
    const error = await errorOf(() => runMaps({ word: '一', out: join(folder, 'file', 'maps'), ...small }))
    expect(error).toMatchObject({ code: 'cannot-write' })
    expect(await errorOf(() => runMaps({ word: '一', out: join(folder, 'file'), ...small }))).toMatchObject({
      code: 'cannot-write',
    })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  const models = fixture('preprocessors/index.json') === null ? null : fixture('preprocessors')!
  it.skipIf(!models)(`AI methods in their process${models ? '' : ' (needs ZIHUA_FIXTURES)'}`, async () => {
    const folder = temporary()
    const put = (id: string, file: string, name = 'model.onnx') => {
      mkdirSync(join(folder, id), { recursive: true })
      cpSync(join(models!, file), join(folder, id, name))
    }
    put('midas-small', 'midas_small_tiny.onnx')
    put('slimsam', 'sam_tiny_vision_encoder.onnx', 'vision_encoder.onnx')
    put('slimsam', 'sam_tiny_prompt_encoder_mask_decoder.onnx', 'prompt_encoder_mask_decoder.onnx')
    const picture = join(models!, 'p0_xue_512x512', 'src.png')
    const out = join(folder, 'out')
    const methods = 'depth=ai_depth_estimation,segmentation=ai_segmentation'
    const record = await runMaps({ picture, asIs: true, out, methods, modelsFolder: folder, pool })
    expect(record.maps.map(({ basis, parameters }) => [basis, parameters['model']])).toEqual([
      ['model', 'midas-small'],
      ['model', 'slimsam'],
    ])
    const depth = await readGray(join(out, 'depth.ai_depth_estimation.png'))
    const wanted = await readGray(join(models!, 'p0_xue_512x512', 'midas_small.depth8.png'))
    expect(depth.data.every((value, i) => Math.abs(value - wanted.data[i]) <= 1)).toBe(true)
    const { legend } = record.maps[1]
    expect(legend[0].meaning).toBe('paper')
    expect(legend.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(512 * 512)
  })
})
