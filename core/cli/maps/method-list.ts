import { ALL_CHOICES, checkChoice, DEFAULT_CHOICES, type MapChoice } from '../../conditioning/make-map.ts'
import { type MapName, METHODS, type Method } from '../../contract/vocabulary.ts'
import { fault } from '../../faults/fault.ts'

/** A map that was asked for by name must be made; one that came with "all" may be left out where its model is missing. */
export interface ListedChoice extends MapChoice {
  named: boolean
}

/**
 * Reads "all", or a list such as "canny=all,depth=distance_transform_depth": exactly the maps that it names.
 * Nothing given: the four maps by their first methods.
 * @throws StudioError bad-request
 */
export function parseMethods(list: string | undefined): ListedChoice[] {
  if (list === undefined) return DEFAULT_CHOICES.map(choice => ({ ...choice, named: true }))
  if (list.trim() === 'all') return ALL_CHOICES.map(choice => ({ ...choice, named: false }))
  const found = new Map<string, ListedChoice>()
  for (const item of list.split(',')) {
    const [map, method, more] = item.split('=').map(text => text.trim())
    if (!map || !method || more !== undefined) throw fault('methodListWrong', { item })
    for (const choice of expand(map, method)) {
      const key = `${choice.map}=${choice.method}`
      found.set(key, { ...choice, named: choice.named || found.get(key)?.named === true })
    }
  }
  return [...found.values()]
}

function expand(map: string, method: string): ListedChoice[] {
  const known = Object.hasOwn(METHODS, map)
  checkChoice(map, known && method === 'all' ? METHODS[map as MapName][0] : method)
  const methods: readonly Method[] = method === 'all' ? METHODS[map] : [method as Method]
  return methods.map(each => ({ map, method: each, named: method !== 'all' }))
}
