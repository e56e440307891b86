import { dataFolder } from '../../files/data-folder.ts'
import { DICTIONARY_LANGUAGES } from '../../prompt/dictionary.ts'
import { explainWord } from '../../prompt/explain.ts'
import { Glossary } from '../../prompt/glossary.ts'
import { plain } from '../plain.ts'
import { oneOf, parse } from './arguments.ts'

const OPTIONS = { language: { type: 'string' }, json: { type: 'boolean' } } as const

/** zihua lookup WORD… [--language zh|ja] [--json] */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, OPTIONS, { min: 1, max: 10_000, missing: 'say which words.' })
  const language = oneOf('language', values.language, DICTIONARY_LANGUAGES)
  const glossary = new Glossary(dataFolder())
  const words = []
  for (const word of positionals) words.push(await explainWord(word, { glossary, language }))
  if (values.json) return console.log(JSON.stringify(words))
  for (const { word, reading, meaning, senses, prompt, message, source } of words) {
    const lines = [
      `${word}${reading ? `  ${reading}` : ''}`,
      `  meaning  ${meaning ?? '–'}${source === 'glossary' ? '  (glossary)' : ''}`,
      ...(senses.length > 1 ? [`  senses   ${senses.join(' / ')}`] : []),
      `  prompt   ${prompt}`,
      ...(message ? [`  ${message}`] : []),
    ]
    for (const line of lines) console.log(plain(line))
  }
}
