/**
 * The Writing Service: what programs may ask of the studio over HTTP. OpenAPI 3.1 and the router are both made from this.
 * Pictures travel as base64 of PNG files, or are fetched by id; nothing here takes a path (own-request.ts).
 */
import { health } from './health.ts'
import { jobs } from './jobs.ts'
import { parts } from './parts.ts'
import { pictures } from './pictures.ts'
import { sets } from './sets.ts'
import { writing } from './writing.ts'

export const serviceContract = { writing, health, jobs, parts, sets, pictures }
