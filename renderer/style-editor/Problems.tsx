import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { useStyleEditor } from './store.ts'

/** The problems of a field, in the user's language. An empty field is one only after an attempt to save. */
export function Problems({ field }: { field: string }) {
  const t = useMessages()
  const { problems, tried } = useStyleEditor()
  const language = useLanguage()
  // If names are missing, all three are; the problem is shown once.
  const others = ['name.en', 'name.ru', 'name.zh'].filter(name => name !== `name.${language}`)
  const mine = problems.filter(
    problem => problem.field === field && (problem.code !== 'empty' || (tried && !others.includes(field))),
  )
  // An empty template need not also be told that {meaning} is missing.
  const empty = problems.some(({ field: where, code }) => where === field && code === 'empty')
  return (
    <div id={`style-${field}`} aria-live="polite">
      {mine
        .filter(({ code }) => !empty || code === 'empty')
        .map(({ code, name = '', ...problem }) => (
          <p className="problem" key={code + name}>
            {t.styleProblem[code]?.(name) ?? words(problem, language)}
          </p>
        ))}
    </div>
  )
}
