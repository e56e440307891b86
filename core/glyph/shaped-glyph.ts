/** A glyph in a shaped run, in visual order from left to right. */
export interface ShapedGlyph {
  id: number
  /** Index of the first UTF-16 unit, in the run's text, of the cluster that it belongs to. */
  cluster: number
  advance: number
  /** What the font's own advance has beyond the whole units that HarfBuzz counts. */
  remainder: number
  /** From the pen, y up as HarfBuzz gives it. */
  xOffset: number
  yOffset: number
}
