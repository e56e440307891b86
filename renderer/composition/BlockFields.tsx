/** The chosen block in numbers. */
import type { Block, Warp } from '../../core/contract/composition.ts'
import { COMPOSITION_LIMITS, MOTIF_FORMS, WARPS, type WarpKind } from '../../core/contract/vocabulary.ts'
import { DirectionChoice } from '../compose/DirectionChoice.tsx'
import { useMessages } from '../i18n/index.ts'
import { changeBlock, transformBlock } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { Choice, Field } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'
import { limited } from './geometry.ts'

interface Props {
  at: number
  block: Block
}

const FIRST: Readonly<Record<WarpKind, Warp>> = {
  arc: { kind: 'arc', angle: 60 },
  wave: { kind: 'wave', amplitude: 0.08, waves: 1, phase: 0 },
  envelope: {
    kind: 'envelope',
    corners: [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    top: -0.3,
    bottom: 0.3,
  },
}

/** A number of a block; whole ones have no decimals. */
const slider = (
  label: string,
  value: number,
  [min, max, step]: [number, number, number],
  onCommit: (v: number) => void,
  standard?: number,
) => (
  <Slider
    {...{ label, value, min, max, step, onCommit }}
    digits={step >= 1 ? 0 : 2}
    {...(standard === undefined ? {} : { standard })}
  />
)

export function BlockFields({ at, block }: Props) {
  const t = useMessages()
  const { transform, control } = block
  const set = (part: Partial<typeof transform>) => transformBlock(at, part)
  const align = (x: number | null, y: number | null) => set({ ...(x !== null && { x }), ...(y !== null && { y }) })
  return (
    <div className="block-fields">
      {block.kind === 'word' && <WordBlockFields at={at} block={block} />}
      {block.kind === 'motif' && (
        <div className="field">
          <span className="field-label">{t.blocks.form}</span>
          <Choice
            label={t.blocks.form}
            value={block.source.form}
            onChange={form => changeBlock(at, () => ({ ...block, source: { ...block.source, form } }))}
            options={MOTIF_FORMS.map(value => ({ value, label: t.blocks.forms[value] }))}
          />
        </div>
      )}
      {slider(t.blocks.x, transform.x, [0, 1, 0.01], x => set({ x }))}
      {slider(t.blocks.y, transform.y, [0, 1, 0.01], y => set({ y }))}
      {slider(t.blocks.width, transform.scale[0], [0.02, 2, 0.01], v =>
        set({ scale: [limited(v), transform.scale[1]] }),
      )}
      {slider(t.blocks.height, transform.scale[1], [0.02, 2, 0.01], v =>
        set({ scale: [transform.scale[0], limited(v)] }),
      )}
      {slider(t.blocks.rotation, transform.rotation, [-180, 180, 1], rotation => set({ rotation }), 0)}
      {slider(
        t.blocks.control,
        control,
        [0, 1, 0.05],
        v => changeBlock(at, () => ({ ...block, control: v }) as Block),
        1,
      )}
      <div className="field">
        <span className="field-label">{t.blocks.align}</span>
        <span className="block-align">
          <button type="button" className="plain small" onClick={() => align(0.5, null)}>
            {t.blocks.centreAcross}
          </button>
          <button type="button" className="plain small" onClick={() => align(null, 0.5)}>
            {t.blocks.centreDown}
          </button>
        </span>
      </div>
      <WarpFields at={at} block={block} />
      <Field label={t.blocks.prompt}>
        <input
          value={block.prompt ?? ''}
          maxLength={COMPOSITION_LIMITS.prompt}
          placeholder={t.blocks.promptHint}
          onChange={event =>
            changeBlock(at, () => ({ ...block, prompt: event.target.value || null }) as Block, `prompt ${at}`)
          }
          onBlur={() => useCompose.getState().seal()}
        />
      </Field>
    </div>
  )
}

function WordBlockFields({ at, block }: { at: number; block: Extract<Block, { kind: 'word' }> }) {
  const t = useMessages()
  const fonts = useFacts(state => state.fonts)
  // As the whole request is written, where a block says nothing else.
  const around = useCompose(({ present }) => present.request.layout?.direction)
  const { text, writing } = block.source
  const write = (part: Partial<typeof writing>, key?: string) =>
    changeBlock(at, () => ({ ...block, source: { ...block.source, writing: { ...writing, ...part } } }), key)
  return (
    <>
      <Field label={t.blocks.text}>
        <textarea
          rows={(text ?? '').split('\n').length}
          value={text ?? ''}
          maxLength={128}
          placeholder={t.blocks.ownWord}
          onChange={event =>
            changeBlock(
              at,
              () => ({ ...block, source: { ...block.source, text: event.target.value || null } }),
              `text ${at}`,
            )
          }
          onBlur={() => useCompose.getState().seal()}
        />
      </Field>
      <Field label={t.font}>
        <select value={writing.font ?? ''} onChange={event => write({ font: event.target.value || null })}>
          <option value="">{t.fontAuto}</option>
          {fonts.map(({ id, family }) => (
            <option key={id} value={id}>
              {family}
            </option>
          ))}
        </select>
      </Field>
      <DirectionChoice
        value={writing.direction ?? around ?? 'horizontal'}
        onChange={direction => write({ direction })}
      />
      <div className="field">
        <span className="field-label">{t.blocks.lines}</span>
        <Choice
          label={t.blocks.lines}
          value={writing.align ?? 'center'}
          onChange={align => write({ align })}
          options={(['left', 'center', 'right'] as const).map(value => ({ value, label: t.blocks.aligns[value] }))}
        />
      </div>
      <Slider
        label={t.weight}
        value={writing.weight ?? 700}
        min={100}
        max={900}
        step={50}
        digits={0}
        onCommit={weight => write({ weight: Math.round(weight) })}
      />
      <Slider
        label={t.blocks.letterSpacing}
        value={writing.letterSpacing ?? 0}
        min={-0.2}
        max={1}
        step={0.05}
        standard={0}
        onCommit={letterSpacing => write({ letterSpacing })}
      />
      <Slider
        label={t.blocks.lineSpacing}
        value={writing.lineSpacing ?? 1}
        min={0.6}
        max={2}
        step={0.05}
        standard={1}
        onCommit={lineSpacing => write({ lineSpacing })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={writing.wrap !== null}
          onChange={event => write({ wrap: event.target.checked ? 1 : null })}
        />
        {t.blocks.wrap}
      </label>
    </>
  )
}

function WarpFields({ at, block }: Props) {
  const t = useMessages()
  const { warp } = block
  const bend = (next: Warp | null) => changeBlock(at, () => ({ ...block, warp: next }) as Block)
  return (
    <>
      <Field label={t.blocks.warp}>
        <select
          value={warp?.kind ?? ''}
          onChange={event => bend(event.target.value === '' ? null : FIRST[event.target.value as WarpKind])}
        >
          <option value="">{t.blocks.noWarp}</option>
          {WARPS.map(kind => (
            <option key={kind} value={kind}>
              {t.blocks.warps[kind]}
            </option>
          ))}
        </select>
      </Field>
      {warp?.kind === 'arc' &&
        slider(t.blocks.angle, warp.angle, [-360, 360, 1], angle => bend({ kind: 'arc', angle }))}
      {warp?.kind === 'wave' && (
        <>
          {slider(t.blocks.amplitude, warp.amplitude, [-0.5, 0.5, 0.01], amplitude => bend({ ...warp, amplitude }))}
          {slider(t.blocks.waves, warp.waves, [0, 4, 0.25], waves => bend({ ...warp, waves }))}
          {slider(t.blocks.phase, warp.phase, [-1, 1, 0.05], phase => bend({ ...warp, phase }))}
        </>
      )}
      {warp?.kind === 'envelope' && (
        <>
          {slider(t.blocks.envelopeTop, warp.top, [-1, 1, 0.05], top => bend({ ...warp, top }))}
          {slider(t.blocks.envelopeBottom, warp.bottom, [-1, 1, 0.05], bottom => bend({ ...warp, bottom }))}
          {([0, 1, 2, 3] as const).flatMap(i =>
            ([0, 1] as const).map(axis => (
              <Slider
                key={`${i} ${axis}`}
                label={t.blocks.corner(i, axis)}
                value={warp.corners[i][axis]}
                min={-1}
                max={1}
                step={0.05}
                standard={0}
                onCommit={v => {
                  const corners = structuredClone(warp.corners)
                  corners[i][axis] = v
                  bend({ ...warp, corners })
                }}
              />
            )),
          )}
        </>
      )}
    </>
  )
}
