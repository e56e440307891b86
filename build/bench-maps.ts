/**
 * `npm run bench:maps`: how long each map takes at 1024², the stroke labels of a character, and the preview of all four
 * defaults at 512², beside OpenCV's own times where a Python with cv2 is at hand (ZIHUA_PYTHON, default python3).
 * Medians of wall-clock time; nothing is asserted. The load at the start is printed: what else runs makes figures larger.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ALL_CHOICES, makeMap } from '../core/conditioning/make-map.ts'
import { compositionSchema } from '../core/contract/composition.ts'
import { DEFAULT_LAYOUT } from '../core/contract/request.ts'
import { StudioError } from '../core/faults/studio-error.ts'
import { drawWord } from '../core/glyph/draw.ts'
import { labelGlyph } from '../core/glyph/labels.ts'
import type { Glyph } from '../core/glyph/types.ts'
import { MapPool } from '../core/processes/maps/pool.ts'
import { MapPreview } from '../core/processes/maps/preview.ts'

const SIDE = 1024
const ROUNDS = 15
const WORD = '学习'
/** Each word is new to the preview's cache; the first one warms up. */
const PREVIEWS = ['学习', '永远', '明天', '朋友', '中国', '你好', '春天', '山水']
/** Milliseconds on two cores. Labels: per character. */
const TARGETS: Record<string, number> = {
  opencv_canny: 40,
  distance_transform_depth: 50,
  stroke_thickness_depth: 250,
  stroke_width_depth: 1000,
  skeletonization_scribble: 200,
  structured_edge_detection: 400,
}

const OPENCV = `
import sys, time, statistics, json, cv2, numpy as np
cv2.setNumThreads(2)
a = np.fromfile(sys.argv[1], np.uint8).reshape(int(sys.argv[2]), -1)
m = (a < 128).astype(np.uint8) * 255
def t(f):
    ms = []
    for _ in range(int(sys.argv[3])):
        s = time.perf_counter(); f(); ms.append((time.perf_counter() - s) * 1000)
    return statistics.median(ms)
def thin(): return cv2.dilate(cv2.ximgproc.thinning(m), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13)))
r = {'version': cv2.__version__,
 'opencv_canny': t(lambda: cv2.Canny(a, 100, 200)),
 'adaptive_canny': t(lambda: cv2.Canny(cv2.GaussianBlur(a, (5, 5), 0), 120, 300, L2gradient=True)),
 'distance_transform_depth': t(lambda: cv2.distanceTransform(m, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))}
if hasattr(cv2, 'ximgproc'): r['skeletonization_scribble'] = t(thin)
print(json.dumps(r))
`

type OpenCv = Record<string, number | string>

async function openCv(glyph: Glyph): Promise<OpenCv | null> {
  const folder = await mkdtemp(join(tmpdir(), 'zihua-bench-'))
  try {
    const file = join(folder, 'picture.raw')
    await writeFile(
      file,
      glyph.coverage.data.map(value => 255 - value),
    )
    const python = process.env['ZIHUA_PYTHON'] ?? 'python3'
    const { stdout } = await promisify(execFile)(python, ['-c', OPENCV, file, String(glyph.height), String(ROUNDS)])
    return JSON.parse(stdout) as OpenCv
  } catch {
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function median(rounds: number, run: (k: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let k = 0; k < rounds; k++) {
    const start = performance.now()
    await run(k)
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]
}

function line(
  name: string,
  ms: number | string,
  opencv: number | string | undefined,
  target: number | undefined,
): void {
  const text = (value: number | string | undefined) =>
    (typeof value === 'number' ? value.toFixed(1) : (value ?? '')).padStart(10)
  process.stdout.write(`${name.padEnd(36)}${text(ms)}${text(opencv)}${text(target)}\n`)
}

const glyph = await drawWord(WORD, DEFAULT_LAYOUT, SIDE, SIDE)
const load = loadavg()[0]
const reference = await openCv(glyph)
process.stdout.write(
  `${WORD} at ${SIDE}², milliseconds, median of ${ROUNDS}, ${availableParallelism()} cores, Node ${process.version}, load ${load.toFixed(1)}\n`,
)
line('', 'here', reference ? `cv ${reference['version']}` : 'no OpenCV', undefined)
for (const { map, method } of ALL_CHOICES) {
  try {
    const rounds = method.includes('segmentation') || method === 'hand_drawn_simulation' ? 5 : ROUNDS
    await makeMap(glyph, map, method)
    line(method, await median(rounds, () => makeMap(glyph, map, method)), reference?.[method], TARGETS[method])
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'missing-model') throw error
    line(method, 'no model', undefined, undefined)
  }
}

for (const word of ['永', '龍', 'あ', 'Ж']) {
  const one = await drawWord(word, DEFAULT_LAYOUT, SIDE, SIDE)
  await labelGlyph(one)
  line(`stroke labels of ${word}`, await median(5, () => labelGlyph(one)), undefined, 300)
}

const pool = new MapPool()
const preview = new MapPreview(pool)
const first = performance.now()
await preview.show({ word: PREVIEWS[0] })
line('preview 512², the very first', performance.now() - first, undefined, undefined)
await preview.warm()
const withoutLabels = new MapPreview(pool)
const three = ALL_CHOICES.filter(({ method }) =>
  ['opencv_canny', 'stroke_thickness_depth', 'skeletonization_scribble'].includes(method),
)
line(
  'preview 512², canny depth scribble',
  await median(PREVIEWS.length, k => withoutLabels.show({ word: PREVIEWS[k], maps: three })),
  undefined,
  undefined,
)
line(
  'preview 512², all four, new word',
  await median(PREVIEWS.length - 1, k => preview.show({ word: PREVIEWS[k + 1] })),
  undefined,
  100,
)
line('preview 512², all four, seen lately', await median(5, () => preview.show({ word: PREVIEWS[1] })), undefined, 100)
/** Two words and a motif; the first word is the request's. */
const blocks = (moved: number) => {
  const at = (x: number, y: number, side: number) => ({ x, y, scale: [side, side], rotation: 0 })
  return compositionSchema.parse({
    blocks: [
      { kind: 'word', source: { text: null }, transform: at(0.5, 0.4, 0.5) },
      { kind: 'word', source: { text: 'cat' }, transform: at(0.5 + moved, 0.85, 0.3) },
      { kind: 'motif', source: { emoji: '🐱', form: 'line' }, transform: at(0.15, 0.15, 0.2) },
    ],
  })
}
await preview.show({ word: WORD, composition: blocks(0) })
line(
  'preview 512², three blocks, new word',
  await median(PREVIEWS.length, k => preview.show({ word: PREVIEWS[k], composition: blocks(0) })),
  undefined,
  150,
)
line(
  'preview 512², three blocks, one moved',
  await median(8, k => preview.show({ word: WORD, composition: blocks((k + 1) / 100) })),
  undefined,
  150,
)
await pool.close()
