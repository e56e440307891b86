import { drawComposition } from '../../composition/draw.ts'
import { makeMaps } from '../../conditioning/make-map.ts'
import { repaintArea } from '../../conditioning/repaint-area.ts'
import type { ConditioningMap } from '../../conditioning/types.ts'
import { wordParts } from '../../conditioning/word-parts.ts'
import { drawWord } from '../../glyph/draw.ts'
import { glyphFromPicture } from '../../glyph/picture.ts'
import type { Glyph } from '../../glyph/types.ts'
import { strokeWidth } from '../../raster/stroke-width.ts'
import type { MapJob, Source } from './job.ts'

/** Runs a job in the worker: draws the ink, then the maps. Errors as drawWord's, glyphFromPicture's and makeMaps'. */
export async function runJob(
  { source, maps, options, repaint, parts }: MapJob,
  signal: AbortSignal,
  onMap: (map: ConditioningMap) => void,
): Promise<Glyph> {
  const glyph = await glyphOf(source, signal)
  await makeMaps(glyph, maps, { ...options, signal }, onMap)
  return {
    ...glyph,
    ...(source.kind === 'word' && { strokeWidth: strokeWidth(glyph.coverage) }),
    ...(repaint && { area: await repaintArea(repaint.area, glyph, repaint.brush) }),
    ...(parts && { parts: await wordParts(glyph) }),
  }
}

async function glyphOf(source: Source, signal: AbortSignal): Promise<Glyph> {
  switch (source.kind) {
    case 'glyph':
      return source.glyph
    case 'word':
      return drawWord(source.word, source.layout, source.width, source.height)
    case 'composition':
      return drawComposition(source.composition, source, source.width, source.height)
    case 'picture':
      return glyphFromPicture(source.picture, source.width, source.height, {
        asIs: source.asIs,
        fit: source.fit,
        signal,
      })
  }
}
