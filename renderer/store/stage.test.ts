import { afterEach, expect, test, vi } from 'vitest'
import { showPreview, useStage } from './stage.ts'

afterEach(() => vi.restoreAllMocks())

test('a first look fades in, quick ones after it do not, slow ones do', () => {
  const clock = vi.spyOn(performance, 'now')
  const fades = (time: number) => {
    clock.mockReturnValue(time)
    showPreview({ jobId: 'a', url: `blob:${time}`, step: 1, steps: 12, image: 0, images: 1 })
    return useStage.getState().preview?.fades
  }
  expect([0, 300, 600, 5000, 5400].map(fades)).toEqual([true, false, false, true, false])
})
