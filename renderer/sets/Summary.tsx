import { FolderOpen } from 'lucide-react'
import { desktop } from '../desktop.ts'
import { sentences, useLanguage, useMessages, words } from '../i18n/index.ts'
import { notifyError } from '../store/notices.ts'
import { isReady, startSet, useSets } from '../store/sets.ts'
import { Check, IconButton, Kbd } from '../ui/parts.tsx'
import { FarmFields } from './FarmFields.tsx'
import { isOf } from './problem.ts'
import { useUnits } from './units.ts'

const MOST_NOTES = 8

/** What the set will contain, take and need, and the button that starts it. */
export function Summary() {
  const t = useMessages()
  const ready = useSets(isReady)
  const stale = useSets(state => state.stale)
  const unread = useSets(({ list }) => list.problems.length > 0)
  return (
    <aside className="sets-summary" aria-label={t.sets.summary}>
      <div className="sets-figures" aria-live="polite" aria-busy={stale}>
        <h3>{t.sets.summary}</h3>
        <Refused />
        <Figures />
      </div>
      <div className="sets-foot">
        <Folder />
        <FarmFields />
        {unread && <p className="problem">{t.sets.mend}</p>}
        <button type="button" className="primary" disabled={!ready} onClick={() => void startSet()}>
          {t.sets.start}
          <Kbd>Ctrl Enter</Kbd>
        </button>
      </div>
    </aside>
  )
}

/** Why the file that was opened last gave nothing: the figures below are those of the list that stayed. */
function Refused() {
  const language = useLanguage()
  const refused = useSets(state => state.refused)
  return refused && <p className="problem">{sentences(refused, language)}</p>
}

function Figures() {
  const t = useMessages()
  const language = useLanguage()
  const { duration, size } = useUnits()
  const { planned, problem, list } = useSets()
  if (problem && !isOf(problem, 'files')) return <p className="problem">{sentences(problem, language)}</p>
  if (!planned) return <p className="hint">{list.words.length === 0 ? t.sets.noWords : null}</p>
  const { pictures, files, milliseconds, bytes, freeBytes, names, notes, problems } = planned
  return (
    <>
      <p className="sets-count">{t.pictures(pictures)}</p>
      <dl>
        <dt>{t.sets.files}</dt>
        <dd>{t.sets.fileCount(files)}</dd>
        <dt>{t.sets.time}</dt>
        <dd>{milliseconds === null ? t.sets.noTime : `≈ ${duration(milliseconds)}`}</dd>
        <dt>{t.sets.space}</dt>
        <dd>
          {t.sets.upTo(size(bytes))}
          {freeBytes !== null && <small>{t.sets.free(size(freeBytes))}</small>}
        </dd>
      </dl>
      {freeBytes !== null && bytes > freeBytes && <p className="problem">{t.sets.tooLarge}</p>}
      {problems.map(({ pictures: count, ...problem }) => (
        <p className="problem" key={problem.message}>
          {t.sets.willFail(count)} {sentences(problem, language)}
        </p>
      ))}
      <h4>{t.sets.firstNames}</h4>
      <ol className="first-names">
        {names.map(name => (
          <li key={name}>{name}</li>
        ))}
      </ol>
      {notes.length > 0 && (
        <>
          <h4>{t.sets.notes}</h4>
          <ul className="first-names">
            {notes.slice(0, MOST_NOTES).map(note => (
              <li key={note.message}>{words(note, language)}</li>
            ))}
            {notes.length > MOST_NOTES && <li>{t.sets.moreNotes(notes.length - MOST_NOTES)}</li>}
          </ul>
        </>
      )}
    </>
  )
}

/** The folder of the set: by default one in the data folder. */
function Folder() {
  const t = useMessages()
  const language = useLanguage()
  const { folder, overwrite } = useSets(({ draft }) => draft)
  const planned = useSets(state => state.planned)
  const { change } = useSets.getState()
  const choose = async () => {
    const chosen = await desktop?.chooseFolder().catch(notifyError)
    if (chosen) change({ folder: chosen, overwrite: false })
  }
  return (
    <div className="sets-folder">
      <label htmlFor="set-folder">{t.sets.folder}</label>
      <span>
        <input
          id="set-folder"
          spellCheck={false}
          placeholder={planned?.folder ?? ''}
          title={folder || planned?.folder}
          value={folder}
          onChange={event => change({ folder: event.target.value, overwrite: false })}
        />
        {desktop && <IconButton icon={FolderOpen} label={t.sets.chooseFolder} onClick={() => void choose()} />}
      </span>
      {planned?.obstacle ? (
        <>
          <p className="problem">{words(planned.obstacle, language)}</p>
          <Check label={t.sets.overwrite} checked={overwrite} onChange={next => change({ overwrite: next })} />
        </>
      ) : (
        planned && planned.found !== 'nothing' && <p className="hint">{t.sets.found[planned.found]}</p>
      )}
    </div>
  )
}
