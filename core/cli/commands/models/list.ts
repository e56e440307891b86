import type { ModelStore } from '../../../machine/model-store.ts'
import type { ModelRegistry } from '../../../machine/registry.ts'
import { gigabytes } from './download.ts'

/** zihua models list: what is there, and what can be downloaded. */
export async function list(store: ModelStore, registry: ModelRegistry, json: boolean): Promise<void> {
  const all = await registry.all()
  const models = all.filter(({ kind }) => kind === 'model')
  const parts = all.filter(({ kind }) => kind !== 'model')
  const downloads = (await store.list()).map(({ manifest, ...state }) => ({
    id: manifest.id,
    name: manifest.name,
    kind: manifest.kind,
    licence: manifest.licence.map(({ name }) => name).join(', '),
    purpose: manifest.purpose,
    starter: manifest.starter ?? null,
    ...state,
  }))
  if (json) return console.log(JSON.stringify({ models, parts, downloads }))
  for (const { kind, id, path, present } of all)
    console.log(`${id.padEnd(24)} ${kind === 'model' ? '' : `(${kind}) `}${present ? path : `${path} (missing)`}`)
  const open = downloads.filter(({ state }) => state !== 'there')
  if (open.length > 0) console.log('\nCan be downloaded (zihua models download ID):')
  for (const { id, name, bytes, exact, state, licence } of open) {
    const size = bytes === 0 ? 'size unknown' : `${exact ? '' : '≥ '}${gigabytes(bytes)} GB`
    console.log(`${id.padEnd(24)} ${name}; ${size}; ${licence}${state === 'begun' ? '; begun' : ''}`)
  }
}
