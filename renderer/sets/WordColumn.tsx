import type { RefObject } from 'react'
import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { leaveLinesOut, useSets } from '../store/sets.ts'
import { OpenedList } from './OpenedList.tsx'

/** How many mistakes of a long list are shown. */
const MOST_PROBLEMS = 50

/** The word list as text, with the problems that the host finds in its lines. */
export function WordColumn({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const t = useMessages()
  const language = useLanguage()
  const text = useSets(({ draft }) => draft.words)
  const { words: known, problems, notes } = useSets(({ list }) => list)
  const change = (text: string) => useSets.getState().change({ words: text })
  // Of a text that is newer than its problems, other lines would go.
  const isCurrent = useSets(({ draft, listed }) => draft.words === listed)
  return (
    <section className="sets-words" aria-label={t.sets.words}>
      <header className="section-head">
        <h3>{t.sets.words}</h3>
        <span className="count">{t.sets.wordCount(known.length)}</span>
      </header>
      <textarea
        ref={field}
        aria-label={t.sets.words}
        aria-describedby="set-words-hint"
        aria-invalid={problems.length > 0}
        placeholder={'学习, to study\nПривет\nlove'}
        spellCheck={false}
        value={text}
        onChange={event => change(event.target.value)}
      />
      <p className="hint" id="set-words-hint">
        {t.sets.wordsHint}
      </p>
      <OpenedList />
      <div role="status" className="sets-problems">
        {problems.length > 0 && (
          <>
            <ul>
              {problems.slice(0, MOST_PROBLEMS).map(({ line, lines: _, ...problem }) => (
                <li key={line} className="problem">
                  {t.sets.line(line, words(problem, language).replace(/[.。]$/, ''))}
                </li>
              ))}
              {problems.length > MOST_PROBLEMS && <li>{t.sets.moreLines(problems.length - MOST_PROBLEMS)}</li>}
            </ul>
            {problems.some(({ line }) => line > 0) && (
              <button type="button" className="plain small" disabled={!isCurrent} onClick={leaveLinesOut}>
                {t.sets.leaveOut}
              </button>
            )}
          </>
        )}
        {notes.slice(0, MOST_PROBLEMS).map(({ line, ...note }) => (
          <p key={`${line} ${note.message}`} className="hint">
            {t.sets.line(line, words(note, language).replace(/[.。]$/, ''))}
          </p>
        ))}
      </div>
    </section>
  )
}
