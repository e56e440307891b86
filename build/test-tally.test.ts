import { expect, it } from 'vitest'
import { unexplained } from './test-tally.ts'

it('a skip in CI is explained by what a machine may lack, and by nothing else', () => {
  const explained = [
    'methods equal their golden maps (needs ZIHUA_FIXTURES)',
    'LoRA (needs the golden sets sdxl/pipeline and sdxl/lora)',
    "the window opens: Electron's program is not installed; npx install-electron fetches it",
  ]
  expect(unexplained(explained)).toEqual([])
  const forgotten = ['exiftool reads it (needs exiftool)', 'first word: needs Chromium', 'later']
  expect(unexplained([...explained, ...forgotten])).toEqual(forgotten)
})
