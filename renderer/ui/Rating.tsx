import { Star } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'

/** One to five stars; the star that stands takes the rating away. */
export function Rating({ value, onChange }: { value: number; onChange(value: number): void }) {
  const t = useMessages()
  return (
    <fieldset className="rating" aria-label={t.rating}>
      {[1, 2, 3, 4, 5].map(stars => (
        <button
          key={stars}
          type="button"
          className="star"
          aria-label={t.stars(stars)}
          aria-pressed={value === stars}
          data-on={stars <= value}
          onClick={() => onChange(value === stars ? 0 : stars)}
        >
          <Star size={15} strokeWidth={1.75} aria-hidden fill={stars <= value ? 'currentColor' : 'none'} />
        </button>
      ))}
    </fieldset>
  )
}
