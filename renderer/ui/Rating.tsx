import { useMessages } from '../i18n/index.ts'

interface RatingProps {
  value: number
  onChange(value: number): void
  /** Whether Tab stops at the stars; where keys rate too it need not. */
  stop?: boolean
}

/**
 * One to five stars; pressing the current star removes the rating. The stars are characters of the studio's font: outlines
 * drawn as SVG make a frame of the gallery take eight times as long where there is no GPU.
 */
export function Rating({ value, onChange, stop = true }: RatingProps) {
  const t = useMessages()
  return (
    <fieldset className="rating" aria-label={t.rating}>
      {[1, 2, 3, 4, 5].map(stars => (
        <button
          key={stars}
          type="button"
          className="star"
          tabIndex={stop ? undefined : -1}
          aria-label={t.stars(stars)}
          aria-pressed={value === stars}
          data-on={stars <= value}
          onClick={() => onChange(value === stars ? 0 : stars)}
        >
          {stars <= value ? '★' : '☆'}
        </button>
      ))}
    </fieldset>
  )
}
