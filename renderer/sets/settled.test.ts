import { expect, it } from 'vitest'
import { blockSchema } from '../../core/contract/composition.ts'
import { DEFAULT_LAYOUT } from '../../core/contract/request.ts'
import { completeRequest } from '../../core/generate/complete-request.ts'
import { builtInStyle } from '../../core/prompt/styles.ts'
import { en } from '../i18n/en.ts'
import { ru } from '../i18n/ru.ts'
import { zh } from '../i18n/zh.ts'
import { type Settled, settledLine, USUAL } from './settled.ts'

const lineOf = (settled: Settled, t = en) =>
  settledLine(settled, { t, model: 'Draft', fontName: id => (id === 'lobster' ? 'Lobster' : id) })

const transform = { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 }
const blocks = [
  { kind: 'word', source: { text: null }, transform },
  { kind: 'word', source: { text: '水' }, transform },
  { kind: 'drawing', source: { strokes: [{ points: [0, 0, 1], size: 0.01 }] }, transform },
].map(block => blockSchema.parse(block))

it('names blocks, drawings, start picture, writing and colours that go along', () => {
  const settled: Settled = {
    ...{ model: 'draft', width: 512, height: 384, steps: 12, controls: { canny: { weight: 0.9, start: 0.2 } } },
    composition: { blocks, gap: 0 },
    layout: { font: 'lobster', direction: 'vertical', weight: 400 },
    ...{ initImage: '/uploads/cat.png', strength: 0.4, palette: { ground: '#ffffff', inks: ['#aa0000'], hold: true } },
    ...{ negativePrompt: 'fog', loras: [{ path: '/models/ink.safetensors', weight: 0.8 }], clipSkip: 1 },
  }
  expect(lineOf(settled)).toBe(
    'Draft · LoRA ink.safetensors 0.80 · 512 × 384 · Steps 12 · Edges 0.90, 20–100 % · 2 blocks · 1 drawing · ' +
      'Font Lobster · Direction: Down · Weight 400 · Start picture · Change 0.40 · Colours #ffffff #aa0000 · ' +
      'Hold the colours · Avoid: fog · clipSkip 1',
  )
  expect(lineOf(settled, ru)).toMatch(/2 блока · 1 рисунок/)
  expect(lineOf(settled, ru)).toContain('0,90, 20–100 %')
  expect(lineOf(settled, zh)).toMatch(/2 个块 · 1 幅手绘/)
})

it('says nothing of what is the default, however it is said', () => {
  const quiet: Settled = {
    ...{ model: 'draft', controlnet: null, vae: null, loras: [], composition: null, controlImages: null },
    ...{ layout: DEFAULT_LAYOUT, initImage: null, strength: 0.1, palette: null, prompt: null, negativePrompt: '' },
    ...{ longPrompt: 'chunk', promptWeights: false, clipSkip: null, originalSize: null, parent: 'abc' },
  }
  expect(lineOf(quiet)).toBe('Draft')
  expect(lineOf({ ...quiet, controls: null })).toBe('Draft · No maps')
})

it('takes the same for usual as the studio does', () => {
  const style = builtInStyle('oil')!
  const complete = completeRequest({ word: '学', style: 'oil' }, { style, manifest: null, trainedSize: null })
  expect(complete).toMatchObject(USUAL)
})
