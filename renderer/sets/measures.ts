/** Durations and sizes in a language. */
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** The two largest units of a duration, at least a second. */
export function durationIn(tag: string, milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000))
  const minutes = Math.round(seconds / 60)
  const parts =
    seconds < 60
      ? [[seconds, 'second'] as const]
      : minutes < 60
        ? [[minutes, 'minute'] as const]
        : [[Math.floor(minutes / 60), 'hour'] as const, [minutes % 60, 'minute'] as const]
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }).format(value))
    .join(' ')
}

/** Seconds with a decimal where they are few, for times that are compared. */
export function secondsIn(tag: string, milliseconds: number): string {
  const seconds = milliseconds / 1000
  const maximumFractionDigits = seconds < 10 ? 2 : 0
  const options = { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits } as const
  return new Intl.NumberFormat(tag, options).format(seconds)
}

/** Bytes in the largest unit that is at least one. */
export function sizeIn(tag: string, bytes: number): string {
  const at = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** at
  const maximumFractionDigits = value < 10 && at > 1 ? 1 : 0
  return new Intl.NumberFormat(tag, { style: 'unit', unit: UNITS[at] ?? 'byte', maximumFractionDigits }).format(value)
}
