import type { TranslatedFaults } from '../translated.ts'
import { command } from './command.ts'
import { composing } from './composing.ts'
import { downloads } from './downloads.ts'
import { drawing } from './drawing.ts'
import { farm } from './farm.ts'
import { machine } from './machine.ts'
import { models } from './models.ts'
import { work } from './work.ts'

export { phrases } from './phrases.ts'

export const faults: TranslatedFaults = {
  ...composing,
  ...drawing,
  ...models,
  ...machine,
  ...work,
  ...command,
  ...downloads,
  ...farm,
}
