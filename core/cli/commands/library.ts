import { join } from 'node:path'
import { dataFolder } from '../../files/data-folder.ts'
import { Library } from '../../library/library.ts'
import { parse, UsageError } from './arguments.ts'

const MISSING = 'say list [TEXT] or rebuild.'

/** zihua library list [TEXT] | rebuild */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(
    args,
    { json: { type: 'boolean' }, limit: { type: 'string' } },
    { min: 1, max: 2, missing: MISSING },
  )
  const [action, text] = positionals
  const library = await Library.open(dataFolder())
  try {
    if (action === 'list') {
      const limit = Number(values.limit ?? 50)
      if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number.')
      const page = library.list({ ...(text !== undefined && { text }), limit })
      if (values.json) return console.log(JSON.stringify(page))
      for (const { file, word, style, seed, rating, legibility } of page.pictures) {
        const score = legibility === null ? '' : `  legibility ${legibility.toFixed(2)}`
        const stars = rating > 0 ? `  ${'★'.repeat(rating)}` : ''
        console.log(`${join(library.folder, file)}  ${word ?? ''}  ${style}  seed ${seed}${stars}${score}`)
      }
      console.error(`${page.pictures.length} of ${page.total}`)
    } else if (action === 'rebuild' && text === undefined) {
      const report = await library.rebuild()
      if (values.json) return console.log(JSON.stringify(report))
      console.log(`${report.pictures} pictures`)
      for (const { file, reason } of report.skipped) console.log(`skipped     ${file}: ${reason}`)
      for (const { file, reason } of report.notesLost) console.log(`notes lost  ${file}: ${reason}`)
    } else {
      throw new UsageError(MISSING)
    }
  } finally {
    library.close()
  }
}
