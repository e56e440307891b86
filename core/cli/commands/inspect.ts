import { fault } from '../../faults/fault.ts'
import { foreignOf } from '../../image/foreign/foreign-door.ts'
import { isPngFile } from '../../image/png-text.ts'
import { readRecord } from '../../library/record.ts'
import { plain } from '../plain.ts'
import { parse } from './arguments.ts'

/** zihua inspect PICTURE: what the studio would take over from it. */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 1, missing: 'name the picture.' },
  )
  const [picture] = positionals
  const found = await inspectPicture(picture)
  if (values.json) {
    console.log(JSON.stringify(found))
    return
  }
  console.log(plain(`${picture}: made by ${found.program}`))
  for (const [name, value] of Object.entries(found.request))
    console.log(`  ${plain(name)}: ${plain(typeof value === 'string' ? value : JSON.stringify(value))}`)
  const rest = Object.entries(found.unmapped)
  if (rest.length > 0) console.log('Has no place in a request of ours:')
  for (const [name, value] of rest) console.log(`  ${plain(name)}: ${plain(value)}`)
}

interface Inspected {
  /** "zihua" for a picture of ours. */
  program: string
  request: object
  unmapped: Record<string, string>
}

async function inspectPicture(picture: string): Promise<Inspected> {
  const own = (await isPngFile(picture)) ? await readRecord(picture) : null
  if (own) return { program: 'zihua', request: own.request, unmapped: {} }
  const foreign = await foreignOf(picture)
  if (foreign) return foreign
  throw fault('nothingToInspect', { picture })
}
