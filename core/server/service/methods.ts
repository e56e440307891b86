/** Which methods an address of the service takes: what a refusal of another one says, and OPTIONS. */
import { a1111Methods } from '../adapters/a1111-lists.ts'
import { openAiMethods } from '../adapters/openai.ts'
import { serviceContract } from './contract/contract.ts'

interface Route {
  method: string
  path: RegExp
}

/** "/api/jobs/{id}" matches one part, "{+file}" the rest. */
function routeOf({ '~orpc': { route } }: { '~orpc': { route: { method?: string; path?: string } } }): Route {
  const { method = 'POST', path = '' } = route
  const pattern = path.replace(/\{\+\w+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')
  return { method, path: new RegExp(`^${pattern}/?$`) }
}

const ROUTES = Object.values(serviceContract).flatMap(group => Object.values(group).map(routeOf))

/** GET and POST alone; HEAD is answered wherever GET is. */
export function methodsAt(path: string): string[] {
  const ours = ROUTES.filter(route => route.path.test(path)).map(({ method }) => method)
  return [...new Set([...ours, ...openAiMethods(path), ...a1111Methods(path)])]
}

/** A stream of events has no end that HEAD could wait for. */
export const isStream = (path: string): boolean => path.endsWith('/events')

/** As the header Allow says it. */
export const allowOf = (methods: readonly string[]): string =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
