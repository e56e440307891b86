import type { TranslatedFaults } from '../translated.ts'
import { command } from './command.ts'
import { drawing } from './drawing.ts'
import { farm } from './farm.ts'
import { models } from './models.ts'
import { work } from './work.ts'

export { phrases } from './phrases.ts'

export const faults: TranslatedFaults = { ...drawing, ...models, ...work, ...command, ...farm }
