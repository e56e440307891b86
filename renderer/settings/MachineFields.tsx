import { useEffect } from 'react'
import { PROFILE_NAMES } from '../../core/contract/vocabulary.ts'
import type { Phrase } from '../../core/faults/studio-error.ts'
import type { MachineView } from '../../core/host/api/machine.ts'
import type { GpuStatus } from '../../core/machine/gpu/types.ts'
import type { MeasuredStep } from '../../core/machine/machine-file.ts'
import { useMessages, useWords } from '../i18n/index.ts'
import { giveBack, measureProviders, tryProviders, useMachine, watchMachine } from '../store/machine.ts'
import { useSettings } from '../store/settings.ts'
import { MemoryBar } from '../ui/MemoryBar.tsx'
import { NumberField } from '../ui/Slider.tsx'

/** What computes pictures here, and how its memory is used. */
export function MachineFields() {
  const t = useMessages()
  const view = useMachine(state => state.view)
  useEffect(() => {
    const watching = new AbortController()
    watchMachine(watching.signal)
    return () => watching.abort()
  }, [])
  return (
    <fieldset className="models machine">
      <legend>{t.machine.title}</legend>
      {view ? <Seen view={view} /> : <p className="hint">{t.machine.asking}</p>}
    </fieldset>
  )
}

function Seen({ view }: { view: MachineView }) {
  const t = useMessages()
  const words = useWords()
  const { status, inference } = view
  const { gigabytes } = t.machine
  const { total, free } = status.memory
  const own = inference ?? 0
  const others = Math.max(0, total - free - own)
  const parts = [
    { kind: 'others' as const, label: t.machine.others, bytes: others, text: gigabytes(others) },
    { kind: 'studio' as const, label: t.machine.studio, bytes: own, text: gigabytes(own) },
    { kind: 'free' as const, label: t.machine.free, bytes: free, text: gigabytes(free) },
  ]
  return (
    <>
      <dl className="facts">
        <dt>{t.machine.processor}</dt>
        <dd>{t.machine.threads(status.processor.name, status.processor.threads)}</dd>
        <dt>{t.machine.graphics}</dt>
        {status.gpus.map((gpu, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cards of one name are told apart by their place alone
          <dd key={i}>{cardLine(gpu, t)}</dd>
        ))}
        {status.problems.map(problem => (
          <dd key={problem.message}>{words(problem)}</dd>
        ))}
        {status.gpus.length === 0 && status.problems.length === 0 && <dd>{t.machine.noCard}</dd>}
        {view.disk && (
          <>
            <dt>{t.machine.disk}</dt>
            <dd>{t.machine.diskFree(gigabytes(view.disk.free))}</dd>
          </>
        )}
        <dt>{t.machine.memory}</dt>
        <dd>{t.machine.memoryFree(gigabytes(free), gigabytes(total))}</dd>
      </dl>
      <MemoryBar label={t.machine.memory} parts={parts} />
      <Providers view={view} />
      <Profile view={view} />
      <Idle own={own} />
      <Operations view={view} />
    </>
  )
}

function cardLine(
  { name, mig, driver, memory, unified, utilisation, temperature }: GpuStatus,
  { machine }: ReturnType<typeof useMessages>,
): string {
  const own = memory.total === null ? (unified ? machine.shared : '') : machine.gigabytes(memory.total)
  const parts = [
    mig ? `${name} ${mig}` : name,
    own,
    memory.free === null ? '' : `${machine.free} ${machine.gigabytes(memory.free)}`,
    utilisation === null ? '' : `${Math.round(utilisation * 100)} %`,
    temperature === null ? '' : `${temperature} °C`,
    driver === null ? '' : `${machine.driver} ${driver}`,
  ]
  return parts.filter(Boolean).join(', ')
}

function Providers({ view: { providers } }: { view: MachineView }) {
  const t = useMessages()
  const words = useWords()
  const { settings, change } = useSettings()
  const { trying, measuring } = useMachine()
  const paceOfProcessor = providers.find(({ provider }) => provider === 'cpu')?.step ?? null
  return (
    <div className="row" role="radiogroup" aria-label={t.machine.computes}>
      <span className="row-label">{t.machine.computes}</span>
      <label className="provider">
        <input
          type="radio"
          name="provider"
          checked={settings.provider === 'auto'}
          onChange={() => change({ provider: 'auto' })}
        />
        <span>
          <strong>{t.machine.fastest}</strong>
        </span>
      </label>
      {providers.map(({ provider, says, chosen, card, step }) => (
        <label className="provider" key={provider} data-usable={isUsable(says)}>
          <input
            type="radio"
            name="provider"
            checked={settings.provider === provider}
            onChange={() => change({ provider })}
          />
          <span>
            <strong>{t.machine.providers[provider]}</strong>
            {card && ` ${card}`}
            {chosen && <em> {t.machine.inUse}</em>}
            <small>
              {words(says)}
              {step && <Pace step={step} processor={provider === 'cpu' ? null : paceOfProcessor} />}
            </small>
          </span>
        </label>
      ))}
      <div className="machine-acts">
        <button
          type="button"
          className="plain"
          disabled={trying || measuring !== null}
          onClick={() => void tryProviders()}
        >
          {trying ? t.machine.trying : t.machine.tryAgain}
        </button>
        <button type="button" className="plain" disabled={trying} onClick={() => void measureProviders()}>
          {measuring ? t.machine.measuring : t.machine.measure}
        </button>
      </div>
      <small className="hint">{t.machine.paceHint}</small>
    </div>
  )
}

/** What its test has refused, or what cannot be loaded here, can be chosen all the same: a driver may come. */
const isUsable = ({ key = '' }: Phrase): boolean =>
  ['providerPassed', 'providerPassedAt32', 'providerUntried'].includes(key)

/** How long a step takes; of the same size, how much sooner than with the processor. */
function Pace({ step, processor }: { step: MeasuredStep; processor: MeasuredStep | null }) {
  const { machine } = useMessages()
  const isSameSize = processor?.width === step.width && processor.height === step.height
  const words = [
    machine.pace(step.seconds, `${step.width}×${step.height}`),
    ...(processor && isSameSize ? [machine.times(processor.seconds / step.seconds)] : []),
  ]
  return <b className="pace">{words.join(', ')}</b>
}

function Profile({ view: { provider, profile, fixed } }: { view: MachineView }) {
  const t = useMessages()
  const { settings, change } = useSettings()
  const processor = provider === 'cpu'
  const names = PROFILE_NAMES.filter(name => name.startsWith('cpu') === processor || name === settings.profile)
  return (
    <label className="row">
      <span className="row-label">{t.machine.profile}</span>
      <select
        value={settings.profile}
        onChange={({ target }) => change({ profile: target.value as typeof settings.profile })}
      >
        <option value="auto">
          {fixed ? t.machine.auto : `${t.machine.auto} (${t.machine.profileNames[profile]})`}
        </option>
        {names.map(name => (
          <option key={name} value={name}>
            {t.machine.profileNames[name]}
          </option>
        ))}
      </select>
      <small className="hint">{t.machine.profiles[profile]}</small>
    </label>
  )
}

function Idle({ own }: { own: number }) {
  const t = useMessages()
  const { settings, change } = useSettings()
  return (
    <div className="row">
      <span className="row-label">{t.machine.idle}</span>
      <span className="idle">
        <NumberField
          label={t.machine.idle}
          value={settings.idleMinutes}
          min={0}
          max={1440}
          step={1}
          onCommit={idleMinutes => change({ idleMinutes })}
        />
        <button type="button" className="plain" disabled={own === 0} onClick={() => void giveBack()}>
          {t.machine.giveBack}
        </button>
      </span>
      <small className="hint">{t.machine.idleHint}</small>
    </div>
  )
}

/** The newest of each operation. */
function Operations({ view: { operations } }: { view: MachineView }) {
  const t = useMessages()
  if (operations.length === 0) return null
  const newest = [...new Map(operations.map(each => [each.operation, each])).values()]
  const { gigabytes } = t.machine
  return (
    <details className="operations">
      <summary>{t.machine.lastPicture}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.machine.operation}</th>
            <th scope="col">{t.machine.before}</th>
            <th scope="col">{t.machine.peak}</th>
            <th scope="col">{t.machine.after}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map(({ operation, host }) => (
            <tr key={operation}>
              <th scope="row">{t.machine.operations[operation] ?? operation}</th>
              <td>{gigabytes(host.before)}</td>
              <td>{gigabytes(host.peak)}</td>
              <td>{gigabytes(host.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
