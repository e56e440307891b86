/**
 * The contract of the studio's procedures, which the renderer calls over HTTP: one file an area in api/, put together here.
 * Inputs are validated by their schemas; outputs are only typed, as the host makes them. The renderer imports types from
 * api/, no code.
 * Pictures never travel as bytes: they are URLs of the host, /pictures/ID.png, /thumbnails/ID.webp, /blobs/HASH.png,
 * /sets/JOB/HASH.webp.
 */
import type { ContractRouterClient } from '@orpc/contract'
import { library } from './api/library.ts'
import { machine } from './api/machine.ts'
import { composition, maps } from './api/maps.ts'
import { models } from './api/models.ts'
import { queue } from './api/queue.ts'
import { farm, sets } from './api/sets.ts'
import { settings } from './api/settings.ts'
import { studio } from './api/studio.ts'
import { dictionary, fonts, glossary, prompts, request, styles } from './api/words.ts'

export const contract = {
  studio,
  styles,
  fonts,
  dictionary,
  glossary,
  prompts,
  maps,
  composition,
  request,
  queue,
  library,
  models,
  machine,
  sets,
  farm,
  settings,
}

/** What a client of the studio can call. */
export type StudioClient = ContractRouterClient<typeof contract>
