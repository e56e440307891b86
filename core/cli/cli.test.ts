/** The command line as a user meets it: real processes, exit codes, one line of what went wrong, nothing half-written. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { requestSchema } from '../contract/request.ts'
import { readPngRequest, readPngText } from '../image/png-text.ts'
import { fixture } from '../testing/fixtures.ts'
import { toFloat32 } from '../weights/numbers.ts'
import { readTensor } from '../weights/safetensors.ts'

const model = fixture('sdxl/pipeline')
const scratch = mkdtempSync(join(tmpdir(), 'zihua-cli-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function zihua(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, ZIHUA_DATA: join(scratch, 'data') }
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], {
    env,
    cwd: scratch,
  })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  )
}

/** Exit code 1 and one line on stderr: what happened, what to do. */
function expectOneClearLine({ code, err, out }: { code: number; err: string; out: string }, about: RegExp): void {
  expect(err).toMatch(about)
  expect(err.trim().split('\n').length, err).toBe(1)
  expect(err).toMatch(/^zihua: .+\. .+\.\n$/)
  expect(err).not.toMatch(/at .*\.ts:\d+/)
  expect({ code, out }).toEqual({ code: 1, out: '' })
}

describe.skipIf(!model)('zihua generate (needs the golden set sdxl)', () => {
  const tiny = ['--model', model!, '--steps', '2']

  it('writes a picture from nothing but the word, with its request inside', async () => {
    const { code, out } = await zihua('generate', '学习', ...tiny, '--out', 'x.png')
    expect(code).toBe(0)
    const file = join(scratch, 'x.png')
    expect(out.trim()).toBe(file)
    expect(await sharp(file).metadata()).toMatchObject({ width: 128, height: 128, format: 'png' })
    const { request } = (await readPngRequest(file))!
    expect(requestSchema.parse(request)).toMatchObject({ word: '学习', style: 'comic', steps: 2, seed: 1, count: 1 })
    expect([...(await readPngText(file)).keys()]).toEqual(
      expect.arrayContaining(['zihua', 'parameters', 'XML:com.adobe.xmp']),
    )
  })

  it('--json prints one object, several pictures go into a folder with a seed each', async () => {
    const { out } = await zihua('generate', 'love', ...tiny, '--count', '2', '--seed', '5', '--out', 'many', '--json')
    const { pictures, tokens } = JSON.parse(out)
    expect(pictures.map(({ seed }: { seed: number }) => seed)).toEqual([5, 6])
    expect(tokens.prompt).toBeGreaterThan(5)
    expect(readdirSync(join(scratch, 'many')).sort()).toEqual(['love-comic-5.png', 'love-comic-6.png'])
  })

  it.each(['hand_drawn_simulation', 'style_aware_scribble'])(
    'several pictures with %s: each is what its seed makes alone, as its record says',
    async method => {
      const by = ['--methods', `scribble=${method}`, '--weights', 'scribble=1']
      await zihua('generate', 'love', ...tiny, ...by, '--count', '2', '--seed', '5', '--out', method)
      await zihua('generate', 'love', ...tiny, ...by, '--seed', '6', '--out', `${method}.png`)
      const [second, alone] = [join(scratch, method, 'love-comic-6.png'), join(scratch, `${method}.png`)]
      expect((await sharp(second).raw().toBuffer()).equals(await sharp(alone).raw().toBuffer())).toBe(true)
      expect((await readPngRequest(second))!.request).toEqual((await readPngRequest(alone))!.request)
    },
  )

  it('--request repeats a golden run, --trace holds every latent and the picture', async () => {
    const run = 'four_controls_cfg5_euler6'
    const request = {
      ...{ model, prompt: JSON.parse(readFileSync(join(model!, 'runs', run, 'inputs.json'), 'utf8')).kwargs.prompt },
      ...{
        negativePrompt: "lowres, blurry, bad anatomy, it's ugly!!",
        width: 128,
        height: 128,
        steps: 6,
        sampler: 'euler',
        guidanceScale: 5,
      },
      latents: `${join(model!, 'runs', run, 'tensors.safetensors')}#latents_initial_unit`,
      controlImages: [
        ['depth', 0.9],
        ['scribble', 0.6],
        ['canny', 0.4],
        ['segment', 0.75],
      ].map(([type, weight]) => ({ type, weight, image: join(model!, 'controls', `${type}.png`) })),
    }
    writeFileSync(join(scratch, 'request.json'), JSON.stringify(request))
    const { code, err } = await zihua(
      'generate',
      '--request',
      'request.json',
      '--out',
      'golden',
      '--trace',
      'trace.safetensors',
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const [name, tolerance] of [
      ['latents_after_step.0', 5e-3],
      ['latents_after_step.5', 5e-3],
      ['image', 1e-3],
    ] as const) {
      const read = async (file: string) => {
        const { dtype, data } = await readTensor(file, name)
        return toFloat32(dtype, data)
      }
      const [made, golden] = [
        await read(join(scratch, 'trace.safetensors')),
        await read(join(model!, 'runs', run, 'tensors.safetensors')),
      ]
      expect(made.length).toBe(golden.length)
      expect(
        made.every((value, i) => Math.abs(value - golden[i]) < tolerance),
        name,
      ).toBe(true)
    }
  })

  it('--replay gives the same pixels; the library lists both', async () => {
    await zihua('generate', '永', ...tiny, '--seed', '9', '--out', 'first.png')
    const { code, err } = await zihua('generate', '--replay', 'first.png', '--out', 'again.png')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const pixels = (name: string) => sharp(join(scratch, name)).raw().toBuffer()
    expect(await pixels('again.png')).toEqual(await pixels('first.png'))
    const { pictures } = JSON.parse((await zihua('library', 'list', '永', '--json')).out)
    expect(pictures.filter(({ seed }: { seed: number }) => seed === 9).length).toBe(2)
    expectOneClearLine(
      await zihua('generate', '--replay', join(model!, 'init_image.png'), '--out', 'never.png'),
      /not made by the studio/,
    )
  })

  it('export makes a set, goes on where it stopped, and is verified', async () => {
    const set = {
      name: 'lesson',
      words: [{ word: '永' }, { word: 'love' }],
      styles: ['comic'],
      seeds: [1],
      request: { model, steps: 1 },
      maps: ['canny'],
      formats: ['png'],
    }
    writeFileSync(join(scratch, 'set.json'), JSON.stringify(set))
    expect((await zihua('export', 'set.json', '--out', 'set')).out).toMatch(/2 made, 0 there already, 0 failed, of 2/)
    expect((await zihua('export', '--verify', 'set')).code).toBe(0)
    const [picture] = readdirSync(join(scratch, 'set')).filter(name => name.includes('永') && !name.includes('canny'))
    rmSync(join(scratch, 'set', picture))
    const verified = await zihua('export', '--verify', 'set')
    expect(verified).toMatchObject({ code: 1, out: expect.stringContaining(`missing  ${picture}`) })
    expect((await zihua('export', 'set.json', '--out', 'set')).out).toMatch(/1 made, 1 there already/)
    expectOneClearLine(await zihua('export', 'first.png', '--out', 'set'), /first\.png/)
  })

  const badRequest = (text: string) => {
    writeFileSync(join(scratch, 'bad.json'), text)
    return ['--request', 'bad.json', '--out', 'never']
  }
  it.each<[string, () => string[], RegExp]>([
    ['an empty word', () => ['', ...tiny, '--out', 'never.png'], /word/],
    ['a word of 200 characters', () => ['永'.repeat(200), ...tiny, '--out', 'never.png'], /64/],
    ['a character that no font has', () => ['\u{10FFFD}', ...tiny, '--out', 'never.png'], /10FFFD/],
    ['an unknown style', () => ['永', ...tiny, '--style', 'comics', '--out', 'never.png'], /comics.*comic/],
    ['an unknown sampler', () => ['永', ...tiny, '--sampler', 'fast', '--out', 'never.png'], /fast.*euler/],
    ['an unknown preset', () => ['永', ...tiny, '--few-steps', 'fast', '--out', 'never.png'], /fast.*lightning/],
    [
      'an unknown method',
      () => ['永', ...tiny, '--methods', 'canny=sobel', '--out', 'never.png'],
      /sobel.*opencv_canny/,
    ],
    ['a model that is not there', () => ['永', '--model', '/nowhere', '--out', 'never.png'], /nowhere/],
    [
      'a size that is no multiple of 8',
      () => ['永', ...tiny, '--size', '130x128', '--out', 'never.png'],
      /multiple of 8.*128/,
    ],
    ['an absurd size', () => ['永', ...tiny, '--size', '90000x128', '--out', 'never.png'], /width/],
    ['a weight out of range', () => ['永', ...tiny, '--weights', 'canny=9', '--out', 'never.png'], /canny/],
    [
      'an output that cannot be written',
      () => ['永', ...tiny, '--out', '/proc/never/x.png'],
      /cannot be (made|written)|not a folder/,
    ],
    ['an output of another kind', () => ['永', ...tiny, '--out', 'x.jpg'], /jpg/],
    ['a request that is not JSON', () => badRequest('{'), /not JSON/],
    [
      'a request with an unknown field',
      () => badRequest(JSON.stringify({ word: '永', model, colour: 'red' })),
      /colour/,
    ],
    [
      'a control picture that is none',
      () => badRequest(JSON.stringify({ prompt: 'a', model, controlImages: [{ type: 'depth', image: 'bad.json' }] })),
      /bad\.json/,
    ],
    [
      'a control picture that is missing',
      () => badRequest(JSON.stringify({ prompt: 'a', model, controlImages: [{ type: 'depth', image: 'no.png' }] })),
      /no\.png/,
    ],
  ])('%s is one clear line', async (_, args, about) => {
    expectOneClearLine(await zihua('generate', ...args()), about)
    expect(readdirSync(scratch).filter(name => name.includes('never') || name.includes('incomplete'))).toEqual([])
  })
})

describe('usage', () => {
  it.each<[string[], RegExp]>([
    [[], /zihua generate/],
    [['paint'], /no command "paint"/],
    [['constructor'], /no command "constructor"/],
    [['generate'], /--out/],
    [['generate', 'a', 'b', '--out', 'x.png'], /one word too many/],
    [['generate', 'a', '--out', 'x.png', '--stepz', '3'], /stepz/],
    [['generate', 'a', '--out', 'x.png', '--steps', 'ten'], /--steps takes a number/],
    [['generate', 'a', '--out', 'x.png', '--size', 'big'], /WIDTHxHEIGHT/],
    [['maps', '--out', 'x'], /word/],
    [['models', 'burn'], /list, add/],
    [['export'], /set/],
    [['library', 'burn'], /rebuild/],
  ])('%j ends with code 2 and says why', async (args, about) => {
    const { code, out, err } = await zihua(...args)
    expect(code).toBe(2)
    expect(out + err).toMatch(about)
    expect(err).not.toMatch(/at .*\.ts:\d+/)
  })
})

describe('zihua maps and models', () => {
  it('maps writes four maps, the mask and their description', async () => {
    const { code } = await zihua('maps', '永', '--out', 'maps', '--size', '256x256')
    expect(code).toBe(0)
    expect(readdirSync(join(scratch, 'maps')).length).toBe(6)
    expect(existsSync(join(scratch, 'maps', 'maps.json'))).toBe(true)
  })

  it.skipIf(!model)('models remembers what is added by name (needs the golden set sdxl)', async () => {
    expect((await zihua('models', 'add', model!)).out).toMatch(/^pipeline: /)
    expect(
      JSON.parse((await zihua('models', 'list', '--json')).out).models.map(({ id }: { id: string }) => id),
    ).toEqual(['draft', 'pipeline'])
    expectOneClearLine(await zihua('models', 'add', join(model!, 'vae')), /model_index\.json/)
    await zihua('models', 'remove', 'pipeline')
    expectOneClearLine(await zihua('models', 'remove', 'pipeline'), /pipeline/)
  })

  it('doctor tries the providers', async () => {
    const { out, err } = await zihua('doctor', '--json')
    const { providers } = JSON.parse(out)
    expect(providers[0]).toMatchObject({ provider: 'cpu', result: 'passed' })
    expect(JSON.parse(out)).toMatchObject({
      provider: 'cpu',
      profile: 'cpu',
      backend: expect.any(String),
      estimate: null,
    })
    // What ONNX Runtime says of providers that are not there is not for the reader.
    expect(err).toBe('')
  })

  it('doctor measures a step with each provider', async () => {
    const { out, err } = await zihua('doctor', '--json', '--measure', '--model', 'draft', '--size', '128x128')
    const { measured, providers } = JSON.parse(out)
    expect(measured).toEqual([{ provider: 'cpu', seconds: expect.any(Number), problem: null }])
    expect(providers[0].step).toMatchObject({ width: 128, height: 128, seconds: measured[0].seconds })
    expect(err.trim()).toBe('zihua: measuring a step with cpu …')
  })

  it('doctor estimates a picture', async () => {
    const { out } = await zihua('doctor', '--json', '--model', 'draft', '--size', '512x512')
    const { of, picture } = JSON.parse(out).estimate
    expect(picture).toMatchObject({ model: 'draft', width: 512, height: 512, controls: 4 })
    expect(of).toMatchObject({ provider: 'cpu', profiles: [{ profile: 'cpu' }] })
    // models/PERFORMANCE.md: 0.6 GB measured.
    expect(of.profiles[0].total).toBeGreaterThan(0.5e9)
    expect(of.profiles[0].total).toBeLessThan(0.75e9)
  })
})
