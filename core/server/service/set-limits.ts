/** What the pictures of a set ask for: limits hold for each of them, not for the parts that it is put together from. */
import type { RequestInput } from '../../contract/request.ts'
import type { Axis, SetInput } from '../../sets/definition.ts'

type Demand = Pick<RequestInput, 'width' | 'height' | 'count' | 'steps'>
type Size = NonNullable<SetInput['sizes']>[number]

const LIMITED = ['width', 'height', 'count', 'steps']

/**
 * Demands of a set's pictures, the greatest among them, put together as core/sets/spell-out.ts does it: a size over a variant over the
 * request, the matrix over all. Each value of an axis meets all other combinations, so that its largest one stands for them;
 * words and seeds ask for nothing. No set has more demands than variants times sizes.
 */
export function* demandsOf({ request = {}, variants = [], sizes = [], matrix }: SetInput): Generator<Demand> {
  const axes = [matrix?.x, matrix?.y].map(largestOf)
  const changes = variants.length > 0 ? variants.map(variant => variant.request) : [{}]
  const places = sizes.length > 0 ? sizes.map(sidesOf) : [{}]
  for (const change of changes)
    for (const place of places) yield Object.assign({}, request, change, place, { count: 1 }, ...axes)
}

const largestOf = (axis: Axis | undefined): Demand => {
  const numbers = axis?.values.filter(value => typeof value === 'number') ?? []
  return axis && LIMITED.includes(axis.field) && numbers.length > 0 ? { [axis.field]: Math.max(...numbers) } : {}
}

function sidesOf(size: Size): Demand {
  const [width, height] = typeof size === 'string' ? size.split('x').map(Number) : size
  return { width, height }
}
