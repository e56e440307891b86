import { expect, it } from 'vitest'
import type { Gray, Rgb } from '../../core/raster/raster.ts'
import { contrastOf, FLOOR } from './contrast.ts'

const SIDE = 256
const inBar = (i: number) => Math.abs((i % SIDE) - 128) < 12
const coverage: Gray = {
  width: SIDE,
  height: SIDE,
  channels: 1,
  data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (inBar(i) ? 255 : 0)),
}
const picture = (level: (i: number) => number): Rgb => ({
  width: SIDE,
  height: SIDE,
  channels: 3,
  data: Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => level(Math.floor(i / 3))),
})

it('is 21 of black on white, and of white on black', () => {
  expect(
    contrastOf(
      picture(i => (inBar(i) ? 0 : 255)),
      coverage,
    ),
  ).toBeCloseTo(21, 5)
  expect(
    contrastOf(
      picture(i => (inBar(i) ? 255 : 0)),
      coverage,
    ),
  ).toBeCloseTo(21, 5)
})

it('is WCAG’s of two greys: #767676 on white just passes 4.5', () => {
  expect(
    contrastOf(
      picture(i => (inBar(i) ? 0x76 : 255)),
      coverage,
    ),
  ).toBeCloseTo(4.54, 2)
  expect(
    contrastOf(
      picture(i => (inBar(i) ? 0x99 : 255)),
      coverage,
    )!,
  ).toBeLessThan(FLOOR)
})

it('looks at the ground beside the word: neither an outline nor a far frame counts', () => {
  const distance = (i: number) => Math.abs((i % SIDE) - 128) - 12
  const outlined = picture(i => (inBar(i) ? 255 : distance(i) < 4 || distance(i) > 20 ? 255 : 0))
  expect(contrastOf(outlined, coverage)).toBeCloseTo(21, 5)
})

it('is null without ink, and where all is ink', () => {
  const all = { ...coverage, data: coverage.data.map(() => 255) }
  const none = { ...coverage, data: coverage.data.map(() => 0) }
  expect(
    [all, none].map(ink =>
      contrastOf(
        picture(() => 100),
        ink,
      ),
    ),
  ).toEqual([null, null])
})
