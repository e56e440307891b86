/** Masks of A1111's clients: what they leave open is painted again, everything else stays. */
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestService } from '../service/testing-service.ts'

let service: TestService
beforeAll(async () => {
  service = await TestService.open()
})
afterAll(() => service[Symbol.asyncDispose]())

describe('A1111 paints what a mask leaves open', () => {
  const small = { width: 128, height: 128, steps: 2, seed: 5 }
  const side = 128
  const hole = { left: 40, top: 48, width: 32, height: 24 }
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const ground = () =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#248', noise } })
      .png()
      .toBuffer()
  const inHole = (x: number, y: number) =>
    x >= hole.left && x < hole.left + hole.width && y >= hole.top && y < hole.top + hole.height
  const maskOf = async (white: boolean) => {
    const [ink, paper] = white ? ['#fff', '#000'] : ['#000', '#fff']
    const create = { width: side, height: side, channels: 3, background: paper } as const
    const input = await sharp({ create: { ...create, width: hole.width, height: hole.height, background: ink } })
      .png()
      .toBuffer()
    return sharp({ create })
      .composite([{ input, left: hole.left, top: hole.top }])
      .png()
      .toBuffer()
  }
  const pixels = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer()
  const painted = async (more: object) => {
    const before = await ground()
    const init_images = [before.toString('base64')]
    const body = { prompt: 'a moon', ...small, init_images, denoising_strength: 0.9, ...more }
    const { images } = (await service.post('/sdapi/v1/img2img', body)).json()
    const [old, anew] = [await pixels(before), await pixels(Buffer.from(images[0], 'base64'))]
    expect(anew.length).toBe(old.length)
    const changed = { inside: 0, outside: 0 }
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const at = (y * side + x) * 3
        if (old.compare(anew, at, at + 3, at, at + 3) !== 0) changed[inHole(x, y) ? 'inside' : 'outside']++
      }
    return changed
  }
  const area = hole.width * hole.height

  it.each([
    ['white, in the whole picture', true, { inpaint_full_res: false, inpainting_fill: 1 }],
    ['white, as its own clients send it', true, {}],
    ['black, close up', false, { inpainting_mask_invert: 1, inpaint_full_res: true, inpaint_full_res_padding: 8 }],
    ['white, filled first', true, { inpaint_full_res: 0, inpainting_fill: 0 }],
  ])('%s', async (_, white, fields) => {
    const mask = (await maskOf(white)).toString('base64')
    const changed = await painted({ mask, mask_blur: 0, ...fields })
    expect(changed.outside).toBe(0)
    expect(changed.inside).toBeGreaterThan(area * 0.9)
  })

  it('and what is filled begins with the colours around it', async () => {
    const ink = { create: { width: hole.width, height: hole.height, channels: 3, background: '#000' } } as const
    const create = { width: side, height: side, channels: 3, background: '#48c' } as const
    const before = await sharp({ create })
      .composite([{ input: await sharp(ink).png().toBuffer(), left: hole.left, top: hole.top }])
      .png()
      .toBuffer()
    const mask = (await maskOf(true)).toString('base64')
    const begun = async (inpainting_fill: number) => {
      const whole = { mask, mask_blur: 0, inpaint_full_res: false, inpainting_fill }
      const body = { prompt: 'a moon', ...small, init_images: [before.toString('base64')], ...whole }
      expect((await service.post('/sdapi/v1/img2img', body)).status).toBe(200)
      const [{ id }] = service.host.library.list().pictures
      const file = service.host.library.get(id).request.initImage!
      const at = { left: hole.left + 16, top: hole.top + 12, width: 1, height: 1 }
      return [...(await sharp(file).extract(at).removeAlpha().raw().toBuffer())]
    }
    expect(await begun(1)).toEqual([0, 0, 0])
    const filled = await begun(0)
    for (const [i, value] of [0x44, 0x88, 0xcc].entries()) expect(Math.abs(filled[i] - value)).toBeLessThan(12)
  })

  it('and a soft edge reaches over it', async () => {
    const mask = (await maskOf(true)).toString('base64')
    const changed = await painted({ mask, mask_blur: 2, inpaint_full_res: false, inpainting_fill: 1 })
    expect(changed.outside).toBeGreaterThan(100)
    // Four pixels on either side.
    expect(changed.outside).toBeLessThan((hole.width + 8) * (hole.height + 8) - area)
  })

  it.each([
    ['inpainting_fill', { inpainting_fill: 2 }],
    ['mask_blur_x', { mask_blur_x: 1, mask_blur_y: 2 }],
    ['mask', { mask: Buffer.from('no picture').toString('base64') }],
    ['mask', { inpainting_mask_invert: true, mask: 'white' }],
  ])('and says which field it cannot express: %s', async (field, fields) => {
    const white = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const init_images = [(await ground()).toString('base64')]
    const body = { prompt: 'x', ...small, init_images, mask: white.toString('base64'), ...fields }
    if (body.mask === 'white') body.mask = white.toString('base64')
    const { status, json } = await service.post('/sdapi/v1/img2img', body)
    expect([status, json().detail]).toEqual([400, expect.stringContaining(`"${field}"`)])
  })

  it('nor one without a picture', async () => {
    const mask = (await maskOf(true)).toString('base64')
    const { status, json } = await service.post('/sdapi/v1/txt2img', { prompt: 'x', ...small, mask })
    expect([status, json().detail]).toEqual([400, expect.stringContaining('"mask"')])
  })
})
