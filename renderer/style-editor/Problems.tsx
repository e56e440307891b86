import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { useStyleEditor } from './store.ts'

/** What is invalid in a field, in the designer's language. An empty field is reported only after an attempt to save. */
export function Problems({ field }: { field: string }) {
  const t = useMessages()
  const { problems, tried } = useStyleEditor()
  const language = useLanguage()
  // All three names are empty or none is; one of them says so.
  const others = ['name.en', 'name.ru', 'name.zh'].filter(name => name !== `name.${language}`)
  const mine = problems.filter(
    problem => problem.field === field && (problem.code !== 'empty' || (tried && !others.includes(field))),
  )
  // Without a template, that {meaning} is missing goes without saying.
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
