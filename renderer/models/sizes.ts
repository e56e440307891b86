import { LANGUAGES, type Language } from '../i18n/index.ts'

/** "9.6 GB", in the language's own numbers. */
export function bytesText(bytes: number, language: Language): string {
  const { tag } = LANGUAGES[language]
  const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, 'gigabyte'] : [bytes / 1e6, 'megabyte']
  const digits = { maximumFractionDigits: value < 10 ? 1 : 0 }
  return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short', ...digits }).format(value)
}

/** "3 min", rounded to what matters. */
export function secondsText(seconds: number, language: Language): string {
  const [value, unit] =
    seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour']
  const digits = { maximumFractionDigits: unit === 'hour' ? 1 : 0 }
  return new Intl.NumberFormat(LANGUAGES[language].tag, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    ...digits,
  }).format(Math.max(1, value))
}
