import { expect, it } from 'vitest'
import { seededRandom } from './random.ts'
import { blank, type Gray, type Rgb } from './raster.ts'
import { unmix } from './unmix.ts'

const SIDE = 200
/** A disc of ink in the middle. */
const RADIUS = 40

const fromCentre = (i: number) => Math.hypot((i % SIDE) - SIDE / 2, Math.floor(i / SIDE) - SIDE / 2)

function disc(): Gray {
  const mask = blank(SIDE, SIDE, 1)
  for (let i = 0; i < SIDE * SIDE; i++) mask.data[i] = fromCentre(i) <= RADIUS ? 255 : 0
  return mask
}

/** Light around the disc that falls off to nothing in 20 pixels, over a ground that runs from dark to darker, with grain. */
function glowing(grain: number): { picture: Rgb; alpha: Float32Array; ground: (i: number, c: number) => number } {
  const picture = blank(SIDE, SIDE, 3)
  const alpha = new Float32Array(SIDE * SIDE)
  const next = seededRandom(7)
  const ground = (i: number, c: number) => [30, 40, 60][c] + 0.1 * (i % SIDE)
  for (let i = 0; i < SIDE * SIDE; i++) {
    alpha[i] = Math.min(1, Math.max(0, 1 - (fromCentre(i) - RADIUS) / 20))
    for (let c = 0; c < 3; c++) {
      const under = ground(i, c) + grain * (next() - 0.5)
      picture.data[3 * i + c] = Math.round(under + alpha[i] * ([255, 180, 60][c] - under))
    }
  }
  return { picture, alpha, ground }
}

it('keeps the glow around the word, and nothing far from it', () => {
  const { picture, alpha } = glowing(0)
  const { word } = unmix(picture, disc())
  const rim = SIDE * (SIDE / 2) + SIDE / 2 + RADIUS
  const opacities = [0, 5, 10, 15, 30].map(d => word.data[4 * (rim + d) + 3] / 255)
  expect(opacities[0]).toBe(1)
  expect(opacities[1]).toBeGreaterThan(0.6)
  expect(opacities[2]).toBeGreaterThan(0.35)
  expect(opacities[3]).toBeGreaterThan(0.1)
  expect(opacities[4]).toBe(0)
  expect(opacities).toEqual(opacities.toSorted((a, b) => b - a))
  expect(alpha[rim + 10]).toBeCloseTo(0.5, 1)
})

it.each([0, 6])('gives the picture again over the ground, grain of %d levels aside', grain => {
  const { picture, ground } = glowing(grain)
  const { word, ground: guessed } = unmix(picture, disc())
  let worst = 0
  let wrongGround = 0
  for (let i = 0; i < SIDE * SIDE; i++) {
    const a = word.data[4 * i + 3] / 255
    for (let c = 0; c < 3; c++) {
      const laid = a * word.data[4 * i + c] + (1 - a) * guessed.data[3 * i + c]
      worst = Math.max(worst, Math.abs(laid - picture.data[3 * i + c]))
      wrongGround = Math.max(wrongGround, Math.abs(guessed.data[3 * i + c] - ground(i, c)))
    }
  }
  expect(worst).toBeLessThan(grain + 4)
  expect(wrongGround).toBeLessThan(grain + 6)
})

it('does not take the grain of the ground for spray', () => {
  const { picture } = glowing(40)
  const { word } = unmix(picture, disc())
  let stray = 0
  let near = 0
  for (let i = 0; i < SIDE * SIDE; i++) {
    const d = fromCentre(i) - RADIUS
    if (d < 21) continue
    near++
    if (word.data[4 * i + 3] > 40) stray++
  }
  expect(stray / near).toBeLessThan(0.02)
})

it('refuses a mask of another size, and one without ink', () => {
  const { picture } = glowing(0)
  expect(() => unmix(picture, blank(10, 10, 1))).toThrow()
  expect(() => unmix(picture, blank(SIDE, SIDE, 1))).toThrow()
})
