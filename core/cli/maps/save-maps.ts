import { randomBytes } from 'node:crypto'
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { inkMask } from '../../conditioning/ink-mask.ts'
import type { MapChoice } from '../../conditioning/make-map.ts'
import type { ConditioningMap } from '../../conditioning/types.ts'
import { UNION_MODES } from '../../contract/vocabulary.ts'
import { fault, reasonOf } from '../../faults/fault.ts'
import type { ErrorReport } from '../../faults/studio-error.ts'
import { makeFolder } from '../../files/durable.ts'
import type { Glyph } from '../../glyph/types.ts'
import type { Raster } from '../../raster/raster.ts'

/** A map that could not be made, and why. */
export type MissingMap = MapChoice & ErrorReport

/** What maps.json says, for the interface and for whoever opens the folder later. */
export interface MapsRecord {
  version: 1
  /** Empty for a picture of one's own. */
  word: string
  width: number
  height: number
  /** Each font that drew a character of the word. */
  fonts: { name: string; sha256: string }[]
  mask: string
  maps: (Omit<ConditioningMap, 'image'> & { file: string; mode: number })[]
  missing: MissingMap[]
}

/**
 * Writes FOLDER/canny.opencv_canny.png …, mask.png and maps.json. All is written beside the folder first and then moved:
 * a new folder appears whole, in an existing one maps.json comes last; nothing half-written is left behind.
 * @throws StudioError cannot-write
 */
export async function saveMaps(
  folder: string,
  glyph: Glyph,
  maps: readonly ConditioningMap[],
  missing: readonly MissingMap[] = [],
): Promise<MapsRecord> {
  const record = recordOf(glyph, maps, missing)
  const target = resolve(folder)
  const temporary = join(dirname(target), `.${basename(target)}-${randomBytes(4).toString('hex')}`)
  try {
    await makeFolder(temporary)
    const files = [
      ...maps.map(({ image }, k) => ({ file: record.maps[k].file, image })),
      { file: record.mask, image: inkMask(glyph) },
    ]
    await Promise.all(files.map(async ({ file, image }) => writeFile(join(temporary, file), await encodePng(image))))
    await writeFile(join(temporary, 'maps.json'), `${JSON.stringify(record, null, 2)}\n`)
    await moveInto(temporary, target, [...files.map(({ file }) => file), 'maps.json'])
  } catch (error) {
    throw fault('mapsUnwritable', { folder, reason: reasonOf(error) }, { cause: error })
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
  }
  return record
}

function recordOf(glyph: Glyph, maps: readonly ConditioningMap[], missing: readonly MissingMap[]): MapsRecord {
  const fonts = new Map(glyph.characters.map(({ font }) => [font.sha256, font]))
  return {
    version: 1,
    word: glyph.word,
    width: glyph.width,
    height: glyph.height,
    fonts: [...fonts.values()],
    mask: 'mask.png',
    maps: maps.map(({ image: _, ...map }) => ({
      ...map,
      ms: Math.round(map.ms * 10) / 10,
      file: `${map.map}.${map.method}.png`,
      mode: UNION_MODES[map.map],
    })),
    missing: [...missing],
  }
}

/** 8-bit PNG without metadata, grey or RGB as the raster is. */
export async function encodePng({ width, height, channels, data }: Raster): Promise<Uint8Array> {
  const picture = sharp(data, { raw: { width, height, channels } })
  return (channels === 1 ? picture.toColourspace('b-w') : picture).png({ compressionLevel: 6 }).toBuffer()
}

async function moveInto(temporary: string, target: string, files: readonly string[]): Promise<void> {
  const there = await stat(target).then(
    () => true,
    () => false,
  )
  if (!there) return rename(temporary, target)
  for (const file of files) await rename(join(temporary, file), join(target, file))
}
