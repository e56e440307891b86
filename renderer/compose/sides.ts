/** Sides that keep about the area of the model's own size, in whole 64s. */
export function sidesOf(ratio: number, area: number): { width: number; height: number } {
  const unit = area >= 256 * 256 ? 64 : 16
  const round = (side: number) => Math.max(unit, Math.round(side / unit) * unit)
  return { width: round(Math.sqrt(area * ratio)), height: round(Math.sqrt(area / ratio)) }
}
