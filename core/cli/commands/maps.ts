import { DEFAULT_LAYOUT } from '../../contract/request.ts'
import { checkFolder } from '../check-place.ts'
import { runMaps } from '../maps/run-maps.ts'
import { parse, size, UsageError } from './arguments.ts'
import { COMPOSITION_OPTIONS, compositionOf } from './composition.ts'

const OPTIONS = {
  image: { type: 'string' },
  'as-is': { type: 'boolean' },
  out: { type: 'string' },
  size: { type: 'string' },
  font: { type: 'string' },
  fallback: { type: 'boolean' },
  methods: { type: 'string' },
  ...COMPOSITION_OPTIONS,
  json: { type: 'boolean' },
} as const

/** zihua maps WORD | --composition FILE | --image FILE [--as-is] --out DIR … */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 0, max: 1 })
  if (!values.out) throw new UsageError('say where the maps go with --out.')
  const composition = await compositionOf(values, { word: positionals[0], font: values.font, size: size(values.size) })
  const written = positionals.length > 0 || composition !== undefined
  if ((values.image === undefined) !== written) throw new UsageError('give a word, or a picture with --image.')
  if (values['as-is'] && values.image === undefined) throw new UsageError('--as-is goes with --image.')
  await checkFolder(values.out)
  const record = await runMaps({
    ...(values.image === undefined
      ? { word: positionals[0] ?? '', ...(composition && { composition }) }
      : { picture: values.image, asIs: values['as-is'] ?? false }),
    out: values.out,
    ...size(values.size),
    ...(values.font !== undefined && {
      layout: { ...DEFAULT_LAYOUT, font: values.font, ...(values.fallback && { fallback: true }) },
    }),
    ...(values.methods !== undefined && { methods: values.methods }),
    onWarning: ({ method, message, hint }) => console.error(`zihua: ${method} is left out: ${message} ${hint}`),
  })
  if (values.json) console.log(JSON.stringify(record))
  else
    for (const { file, basis, ms } of record.maps)
      console.log(`${file.padEnd(44)} ${basis.padEnd(9)} ${Math.round(ms)} ms`)
}
