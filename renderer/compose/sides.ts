/** Width and height of a ratio with about this area, in multiples of 64 pixels (of 16 for areas below 256 × 256). */
export function sidesOf(ratio: number, area: number): { width: number; height: number } {
  const unit = area >= 256 * 256 ? 64 : 16
  const round = (side: number) => Math.max(unit, Math.round(side / unit) * unit)
  return { width: round(Math.sqrt(area * ratio)), height: round(Math.sqrt(area / ratio)) }
}
