import { readFile } from 'node:fs/promises'
import { fault, reasonOf } from '../../faults/fault.ts'
import { dataFolder } from '../../files/data-folder.ts'
import { Glossary } from '../../prompt/glossary.ts'
import { insistOnEncoding, readWordsFile } from '../../sets/word-list.ts'
import { plain } from '../plain.ts'
import { LIST_OPTIONS, listOptions, parse, UsageError } from './arguments.ts'

const MISSING = 'say list, set WORD MEANING, remove WORD or import LIST.'

/** zihua glossary list | set WORD MEANING | remove WORD | import LIST */
export async function run(args: string[]): Promise<void> {
  const options = { ...LIST_OPTIONS, json: { type: 'boolean' } } as const
  const { values, positionals } = parse(args, options, { min: 1, max: 3, missing: MISSING })
  const [action, first, second] = positionals
  const glossary = new Glossary(dataFolder())
  const tell = (answer: object, ...lines: string[]) =>
    console.log(values.json ? JSON.stringify(answer) : lines.map(plain).join('\n'))
  if (action === 'list' && first === undefined) {
    const entries = await glossary.list()
    tell({ file: glossary.file, entries }, ...entries.map(({ word, translation }) => `${word}  ${translation}`))
  } else if (action === 'set' && first !== undefined && second !== undefined) {
    await glossary.set(first, second)
    tell({ word: first, translation: second }, `${first}: ${second}`)
  } else if (action === 'remove' && first !== undefined && second === undefined) {
    const removed = await glossary.remove(first)
    tell({ removed }, removed ? `${first} is forgotten` : `${first} was not there`)
  } else if (action === 'import' && first !== undefined && second === undefined) {
    const bytes = await readFile(first).catch(cause => {
      throw fault('listUnreadable', { file: first, reason: reasonOf(cause) }, { cause })
    })
    const list = await readWordsFile(bytes, first, listOptions(values))
    insistOnEncoding(list.reading, first)
    const report = await glossary.add(list)
    for (const { line, message } of report.problems) console.error(plain(`zihua: line ${line}: ${message}`))
    tell(report, `${report.added} added, ${report.changed} changed, ${report.problems.length} not taken`)
  } else throw new UsageError(MISSING)
}
