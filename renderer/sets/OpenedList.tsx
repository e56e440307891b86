import type { OpenedList as Opened } from '../../core/sets/open-set.ts'
import type { Column } from '../../core/tables/columns.ts'
import { useLanguage, useMessages, words } from '../i18n/index.ts'
import { readAgain, useSets } from '../store/sets.ts'
import { Field } from '../ui/parts.tsx'

/** Columns that are assigned by hand; the others are found by their names. */
const BY_HAND = ['word', 'translation'] as const satisfies Column[]
const MOST_LINES = 50

/** How a file of words was read, and the ways to read it otherwise. */
export function OpenedList() {
  const opened = useSets(state => state.opened)
  if (!opened) return null
  const { list, options } = opened
  return (
    <div className="sets-opened">
      <Encodings list={list} />
      {list.sheets.length > 1 && <Sheets list={list} chosen={options.sheet} />}
      {list.sample.some(cells => cells.length > 1) && <Columns list={list} />}
      <LeftAside list={list} />
    </div>
  )
}

/** Where two encodings are as likely, a reader sees at once which one is language. */
function Encodings({ list: { candidates } }: { list: Opened }) {
  const t = useMessages()
  if (candidates.length === 0) return null
  return (
    <fieldset className="sets-encodings">
      <legend>{t.sets.whichEncoding}</legend>
      {candidates.map(({ encoding, lines }) => (
        <button key={encoding} type="button" className="plain" onClick={() => void readAgain({ encoding })}>
          <span>{lines.join(' · ')}</span>
          <small>{encoding}</small>
        </button>
      ))}
    </fieldset>
  )
}

function Sheets({ list: { sheets }, chosen }: { list: Opened; chosen: string | undefined }) {
  const t = useMessages()
  return (
    <Field label={t.sets.listSheet}>
      <select value={chosen ?? ''} onChange={event => void readAgain({ sheet: event.target.value || undefined })}>
        <option value="">{t.sets.firstSheet}</option>
        {sheets.map(sheet => (
          <option key={sheet} value={sheet}>
            {sheet}
          </option>
        ))}
      </select>
    </Field>
  )
}

function Columns({ list: { columns, names, sample } }: { list: Opened }) {
  const t = useMessages()
  const count = Math.max(...sample.map(cells => cells.length), names?.length ?? 0)
  const first = sample[names ? 1 : 0] ?? []
  const nameOf = (at: number) => names?.[at] || first[at] || String(at + 1)
  return BY_HAND.map(column => (
    <Field key={column} label={t.sets.columnOf[column]}>
      <select
        value={columns[column] ?? ''}
        onChange={({ target: { value } }) =>
          value !== '' && void readAgain({ columns: { [column]: Number(value) + 1 } })
        }
      >
        {columns[column] === undefined && <option value="">–</option>}
        {Array.from({ length: count }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
          <option key={at} value={at}>
            {nameOf(at)}
          </option>
        ))}
      </select>
    </Field>
  ))
}

/** Every line that gave no word, and what was not used. */
function LeftAside({ list: { problems, notes } }: { list: Opened }) {
  const t = useMessages()
  const language = useLanguage()
  const all = [...problems, ...notes]
  if (all.length === 0) return null
  return (
    <ul role="status">
      {all.slice(0, MOST_LINES).map(({ line, ...part }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
        <li key={at} className={at < problems.length ? 'problem' : 'hint'}>
          {t.sets.line(line, words(part, language).replace(/[.。]$/, ''))}
        </li>
      ))}
      {all.length > MOST_LINES && <li>{t.sets.moreLines(all.length - MOST_LINES)}</li>}
    </ul>
  )
}
