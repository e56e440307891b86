import { useMessages } from '../i18n/index.ts'
import { isWritten } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { requestToSend, useFacts } from '../store/facts.ts'
import { useSets } from '../store/sets.ts'
import { Choice, Field, Section } from '../ui/parts.tsx'
import { NumberField } from '../ui/Slider.tsx'
import { parseSeeds, parseSizes, sharedOf } from './draft.ts'
import { type Settled, settledLine } from './settled.ts'

/** Seeds, sizes and shared settings for each word in each style. */
export function EachFields() {
  const t = useMessages()
  const draft = useSets(state => state.draft)
  const complete = useFacts(state => state.complete)
  const { change } = useSets.getState()
  const sizes = parseSizes(draft.sizes)
  const seeds = parseSeeds(draft.seeds)
  const { width = complete?.width, height = complete?.height } = draft.request ?? {}
  const size = `${width ?? ''} × ${height ?? ''}`
  const usual = draft.request ? size : t.sets.sizesDesk(size)
  return (
    <Section title={t.sets.each}>
      <div className="field">
        <span className="field-label">{t.sets.seeds}</span>
        <span className="seeding">
          <Choice
            label={t.sets.seeds}
            value={draft.seeding}
            onChange={seeding => change({ seeding })}
            options={(['count', 'list'] as const).map(value => ({ value, label: t.sets.seedings[value] }))}
          />
          {draft.seeding === 'list' ? (
            <input
              aria-label={t.sets.seedList}
              placeholder={t.sets.seedList}
              aria-invalid={seeds.wrong !== null}
              value={draft.seeds}
              onChange={event => change({ seeds: event.target.value })}
            />
          ) : (
            <>
              <NumberField
                label={`${t.sets.seeds}: ${t.sets.seedings.count}`}
                value={draft.count}
                min={1}
                max={10_000}
                step={1}
                onCommit={count => change({ count: Math.round(count) })}
              />
              <span>{t.sets.from}</span>
              <NumberField
                label={`${t.sets.seeds}: ${t.sets.from}`}
                value={draft.firstSeed}
                min={0}
                max={Number.MAX_SAFE_INTEGER}
                step={1}
                onCommit={firstSeed => change({ firstSeed: Math.round(firstSeed) })}
              />
            </>
          )}
        </span>
      </div>
      <Wrong part={draft.seeding === 'list' ? seeds.wrong : null} />
      <Field label={t.sets.sizes}>
        <input
          placeholder={usual}
          aria-invalid={sizes.wrong !== null}
          value={draft.sizes}
          onChange={event => change({ sizes: event.target.value })}
        />
      </Field>
      <Wrong part={sizes.wrong} />
      <SharedLine />
    </Section>
  )
}

function Wrong({ part }: { part: string | null }) {
  const t = useMessages()
  return <div role="status">{part !== null && <p className="problem">{t.sets.notUnderstood(part)}</p>}</div>
}

/** The shared settings in one line: the desk's current ones, or those of the opened set. */
function SharedLine() {
  const t = useMessages()
  const own = useSets(({ draft }) => draft.request)
  const present = useCompose(state => state.present)
  const info = useFacts(state => state.info)
  const fonts = useFacts(state => state.fonts)
  const complete = useFacts(state => state.complete)
  const size = complete && { width: complete.width, height: complete.height }
  const settled: Settled = own ?? { ...size, ...sharedOf(requestToSend(present)) }
  const model = info?.models.find(({ id, path }) => settled.model === id || settled.model === path)
  return (
    <div className="field settled">
      <span className="field-label">{t.sets.settings}</span>
      <p>
        <strong>{own ? t.sets.fromFile : t.sets.fromDesk}</strong>
        {settledLine(settled, {
          ...{ t, model: model?.name ?? settled.model ?? '' },
          fontName: id => fonts.find(font => font.id === id)?.family ?? id,
        })}
        {own && (
          <button type="button" className="plain small" onClick={() => useSets.getState().change({ request: null })}>
            {t.sets.takeDesk}
          </button>
        )}
        <span className="hint">{t.sets.restByStyle}</span>
        {!isWritten(settled.composition, null) && <span className="problem">{t.sets.along.sameWords}</span>}
      </p>
    </div>
  )
}
