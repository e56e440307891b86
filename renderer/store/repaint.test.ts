import { beforeEach, expect, it } from 'vitest'
import { pathOf } from '../repaint/mask.ts'
import {
  addBrush,
  chooseNothing,
  isNothing,
  redoChosen,
  toggleGround,
  toggleStroke,
  undoChosen,
  useRepaint,
} from './repaint.ts'
import { begin } from './timeline.ts'

const NOTHING = { strokes: [], blocks: [], radical: false, ground: false, brush: [] }
const chosen = () => useRepaint.getState().chosen.present
beforeEach(() => useRepaint.setState({ chosen: begin(NOTHING) }))

it('what is chosen twice is chosen no more; each choice is one step back', () => {
  toggleStroke(3)
  toggleStroke(5)
  toggleStroke(3)
  expect(chosen().strokes).toEqual([5])
  undoChosen()
  expect(chosen().strokes).toEqual([3, 5])
  toggleGround()
  chooseNothing()
  expect(isNothing(chosen())).toBe(true)
  undoChosen()
  expect(chosen()).toMatchObject({ strokes: [3, 5], ground: true })
  redoChosen()
  expect(isNothing(chosen())).toBe(true)
})

it('an eraser alone paints nothing', () => {
  const stroke = { points: [[1, 2]] as [number, number][], size: 4 }
  addBrush({ ...stroke, erases: true })
  expect(isNothing(chosen())).toBe(true)
  addBrush({ ...stroke, erases: false })
  expect(isNothing(chosen())).toBe(false)
})

it('a single dab is a line that its round ends make a dot', () => {
  expect(pathOf({ points: [[1.26, 2]] })).toBe('M1.3 2l0.01 0')
  expect(
    pathOf({
      points: [
        [0, 0],
        [3, 4],
      ],
    }),
  ).toBe('M0 0L3 4')
  expect(pathOf({ points: [] })).toBe('')
})
