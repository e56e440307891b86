import type { ToldFaults } from '../told.ts'
import { drawing } from './drawing.ts'
import { models } from './models.ts'
import { work } from './work.ts'

export { phrases } from './phrases.ts'

export const faults: ToldFaults = { ...drawing, ...models, ...work }
