import { ArrowDown, ArrowRight, Grid2x2 } from 'lucide-react'
import type { Layout } from '../../core/contract/request.ts'
import { useMessages } from '../i18n/index.ts'
import { Choice } from '../ui/parts.tsx'

interface Props {
  value: Layout['direction']
  onChange(direction: Layout['direction']): void
}

/** Which way the characters of a word follow each other. */
export function DirectionChoice({ value, onChange }: Props) {
  const t = useMessages()
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <div className="field">
      <span className="field-label">{t.direction}</span>
      <Choice
        label={t.direction}
        value={value}
        onChange={onChange}
        options={[
          { value: 'horizontal', label: <ArrowRight {...icon} />, name: t.directions.horizontal },
          { value: 'vertical', label: <ArrowDown {...icon} />, name: t.directions.vertical },
          { value: 'grid', label: <Grid2x2 {...icon} />, name: t.directions.grid },
        ]}
      />
    </div>
  )
}
