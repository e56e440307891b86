/** Pictures whose parameters are hard to write, and what another program's reader has to find in them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RequestInput } from '../../core/contract/request.ts'
import { SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import { VERSION } from '../../core/files/version.ts'
import type { StudioHost } from '../../core/host/studio-host.ts'
import { writePng } from '../../core/image/png.ts'
import { blank } from '../../core/raster/raster.ts'

const CASES: Readonly<Record<string, { prompt: string; negative: string; request?: RequestInput }>> = {
  plain: { prompt: 'a lighthouse at night', negative: 'blurry, low quality' },
  'other-scripts': { prompt: '海报上写着“学习”，水彩', negative: 'размыто, плохо' },
  punctuation: { prompt: 'a "sign": red, blue (old:1.2), [worn] \\(real\\)', negative: 'text: "none", x=1' },
  lines: { prompt: 'first line\nsecond line', negative: 'one\ntwo' },
  'no-negative': { prompt: 'a quiet harbour', negative: '' },
  'large-seed': { prompt: 'waves', negative: 'sand', request: { seed: Number.MAX_SAFE_INTEGER - 1, clipSkip: 2 } },
}

/** @returns the file that says what is to be found in each picture */
export async function writeParameters(host: StudioHost, folder: string): Promise<string> {
  const expected: Record<string, object> = {}
  for (const [name, { prompt, negative, request: more = {} }] of Object.entries(CASES)) {
    const input = { word: '学', width: 128, height: 192, seed: 7, ...more }
    const request = await host.studio.generator.complete(input, host.studio.dataFolder)
    const file = join(folder, `${name}.png`)
    const info = { request, prompt, negativePrompt: negative || null, version: VERSION }
    await writePng(file, blank(128, 192, 3), info)
    const { seed, steps, width, height, sampler } = request
    expected[file] = {
      ...{ prompt, negative, seed: String(seed), steps: String(steps), size: `${width}x${height}` },
      sampler: SAMPLER_TITLES[sampler],
    }
  }
  const list = join(folder, 'parameters.json')
  await writeFile(list, JSON.stringify(expected))
  return list
}
