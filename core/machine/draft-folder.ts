import { fileURLToPath } from 'node:url'

/** Id of the draft model, which requests use where they name none. */
export const DRAFT = 'draft'

export const draftFolder = fileURLToPath(new URL('../../models/draft', import.meta.url))
