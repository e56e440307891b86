import { Trash2 } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'
import { type Query, search } from '../store/library.ts'
import { nameOf } from '../store/styles.ts'
import { useAskedFocus } from '../ui/asked-focus.ts'
import { IconButton } from '../ui/parts.tsx'
import { Places } from './Places.tsx'
import { dayBefore, dayOf, startOf, TIMES, type Time, timeOf, windowOf } from './times.ts'

type Change = (part: { [K in keyof Query]?: Query[K] | undefined }) => void

/** The search. Fields at their default are left out, so an empty search has no fields. */
export function Filters({ query }: { query: Query }) {
  const t = useMessages()
  const styles = useFacts(state => state.styles)
  const change: Change = part => {
    const entries = Object.entries({ ...query, ...part }).filter(([, value]) => value !== undefined && value !== '')
    void search(Object.fromEntries(entries) as Query)
  }
  return (
    <>
      <Places query={query} />
      <input
        key={query.album ?? query.set ?? ''}
        className="search"
        type="search"
        aria-label={t.searchPictures}
        placeholder={t.searchPictures}
        defaultValue={query.text ?? ''}
        onChange={event => change({ text: event.target.value })}
      />
      <select aria-label={t.style} value={query.style ?? ''} onChange={event => change({ style: event.target.value })}>
        <option value="">{t.allStyles}</option>
        {styles.map(({ style }) => (
          <option key={style.id} value={style.id}>
            {nameOf(style)}
          </option>
        ))}
      </select>
      <When query={query} change={change} />
      <select
        aria-label={t.rating}
        value={query.minRating ?? ''}
        onChange={event => change({ minRating: Number(event.target.value) || undefined })}
      >
        <option value="">{t.anyRating}</option>
        {[1, 2, 3, 4, 5].map(stars => (
          <option key={stars} value={stars}>
            {t.atLeast(stars)}
          </option>
        ))}
      </select>
      <select
        aria-label={t.sort}
        value={query.sort}
        onChange={event => change({ sort: event.target.value as Query['sort'] })}
      >
        {(['date', 'rating', 'legibility'] as const).map(sort => (
          <option key={sort} value={sort}>
            {t.sorts[sort]}
          </option>
        ))}
      </select>
      <IconButton
        icon={Trash2}
        label={t.inTrash}
        pressed={query.trashed === true}
        onClick={() => change({ trashed: query.trashed ? undefined : true })}
      />
    </>
  )
}

/** When a picture was made: a span that ends now, or two chosen days. */
function When({ query, change }: { query: Query; change: Change }) {
  const t = useMessages()
  const time = timeOf(query)
  const { ask, field } = useAskedFocus()
  return (
    <>
      <select
        aria-label={t.date}
        value={time ?? ''}
        onChange={event => {
          if (event.target.value === 'between') ask()
          change(windowOf(event.target.value as Time | ''))
        }}
      >
        <option value="">{t.anyTime}</option>
        {TIMES.map(each => (
          <option key={each} value={each}>
            {t.times[each]}
          </option>
        ))}
      </select>
      {time === 'between' && (
        <span className="days">
          <input
            type="date"
            ref={field}
            aria-label={t.dateFrom}
            value={query.from ? dayOf(query.from) : ''}
            onChange={event => change({ from: startOf(event.target.value) })}
          />
          <span aria-hidden="true">–</span>
          <input
            type="date"
            aria-label={t.dateTo}
            value={query.to ? dayBefore(query.to) : ''}
            onChange={event => change({ to: startOf(event.target.value, 1) })}
          />
        </span>
      )}
    </>
  )
}
