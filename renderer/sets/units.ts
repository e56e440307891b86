/** Durations and sizes in the designer's language. */
import { LANGUAGES, useLanguage } from '../i18n/index.ts'
import { durationIn, secondsIn, sizeIn } from './measures.ts'

export function useUnits() {
  const { tag } = LANGUAGES[useLanguage()]
  return {
    duration: (milliseconds: number) => durationIn(tag, milliseconds),
    seconds: (milliseconds: number) => secondsIn(tag, milliseconds),
    size: (bytes: number) => sizeIn(tag, bytes),
  }
}
