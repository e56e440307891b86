/** What was brushed over a picture: as SVG paths for the page, as a picture of black and white for the host. */
import type { BrushStroke } from '../store/repaint.ts'

/** SVG path data; a single dab is a line too short to be seen, which its round ends make a dot. */
export const pathOf = ({ points }: Pick<BrushStroke, 'points'>): string => {
  const [first, ...rest] = points.map(([x, y]) => `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`)
  if (first === undefined) return ''
  return rest.length === 0 ? `M${first}l0.01 0` : `M${first}L${rest.join('L')}`
}

/** White where the picture is painted again. */
export async function maskOf(
  brush: readonly BrushStroke[],
  { width, height }: { width: number; height: number },
): Promise<File> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('OffscreenCanvas has no 2d context')
  context.fillStyle = '#000'
  context.fillRect(0, 0, width, height)
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const stroke of brush) {
    context.lineWidth = stroke.size
    context.strokeStyle = stroke.erases ? '#000' : '#fff'
    context.stroke(new Path2D(pathOf(stroke)))
  }
  return new File([await canvas.convertToBlob({ type: 'image/png' })], 'mask.png', { type: 'image/png' })
}
