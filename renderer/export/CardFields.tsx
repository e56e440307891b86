import type { CardOptions } from '../../core/output/card-layout.ts'
import { useMessages } from '../i18n/index.ts'
import { changeExport, type ExportDraft, useExport } from '../store/export.ts'
import { Check, Field } from '../ui/parts.tsx'
import { NumberField } from '../ui/Slider.tsx'

/** The same in every language. */
const SIZES = { a7: 'A7, 74 × 105 mm', a6: 'A6, 105 × 148 mm', small: '90 × 50 mm' } as const
const ORDERS = ['long-edge', 'short-edge', 'separate'] as const satisfies readonly CardOptions['order'][]

/** How cards are printed. */
export function CardFields() {
  const t = useMessages().output
  const { size, width, height, bleed, cropMarks, order, perSheet } = useExport(state => state.draft)
  return (
    <>
      <Field label={t.cardSize}>
        <select
          aria-label={t.cardSize}
          value={size}
          onChange={event => changeExport({ size: event.target.value as ExportDraft['size'] })}
        >
          {Object.entries(SIZES).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="custom">{t.custom}</option>
        </select>
      </Field>
      {size === 'custom' && (
        <>
          <Length label={t.width} value={width} min={30} max={420} onCommit={mm => changeExport({ width: mm })} />
          <Length label={t.height} value={height} min={30} max={420} onCommit={mm => changeExport({ height: mm })} />
        </>
      )}
      <Length label={t.bleed} value={bleed} min={0} max={10} onCommit={mm => changeExport({ bleed: mm })} />
      <Field label={t.order}>
        <select
          aria-label={t.order}
          value={order}
          onChange={event => changeExport({ order: event.target.value as CardOptions['order'] })}
        >
          {ORDERS.map(id => (
            <option key={id} value={id}>
              {t.orders[id]}
            </option>
          ))}
        </select>
      </Field>
      <Check label={t.cropMarks} checked={cropMarks} onChange={on => changeExport({ cropMarks: on })} />
      <Check label={t.perSheet} checked={perSheet} onChange={on => changeExport({ perSheet: on })} />
    </>
  )
}

interface LengthProps {
  label: string
  value: number
  min: number
  max: number
  onCommit(mm: number): void
}

function Length({ label, ...field }: LengthProps) {
  return (
    <Field label={label}>
      <NumberField label={label} step={1} {...field} />
    </Field>
  )
}
