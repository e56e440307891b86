/** A picture of one's own in place of a map: uploaded, shown as it would be used, changed, and used. */
import { create } from 'zustand'
import type { MapName, PictureFit } from '../../core/contract/vocabulary.ts'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { OwnMap } from '../../core/host/api/maps.ts'
import { api, reportOf } from '../api.ts'
import { useCompose } from './compose.ts'
import { useFacts } from './facts.ts'
import { latest } from './latest.ts'

interface OwnMapState {
  /** The map that is to be replaced; null: no picture is looked at. */
  map: MapName | null
  /** The picture as it was uploaded. */
  path: string
  /** null: as the picture's ground says. */
  invert: boolean | null
  clean: boolean
  fit: PictureFit
  /** As it would be used; null while that is made. */
  shown: OwnMap | null
  problem: ErrorReport | null
}

const CLOSED: OwnMapState = {
  ...{ map: null, path: '', invert: null, clean: false, fit: 'fit', shown: null, problem: null },
}

export const useOwnMap = create<OwnMapState>()(() => CLOSED)

const uploading = latest()
const showing = latest()

/** Uploads a picture and shows what it would be as a map. @throws ErrorReport's error where it is no picture */
export const openOwnMap = (map: MapName, file: File): Promise<void> =>
  uploading(async signal => {
    const { path } = await api.maps.upload({ name: file.name, data: file }, { signal })
    if (signal.aborted) return
    useOwnMap.setState({ ...CLOSED, map, path })
    await show()
  })

export const closeOwnMap = (): void => useOwnMap.setState(CLOSED)

export function changeOwnMap(part: Partial<Pick<OwnMapState, 'invert' | 'clean' | 'fit'>>): void {
  useOwnMap.setState(part)
  void show()
}

/** The request of the host, at the size of the canvas. */
function wish(keep: boolean) {
  const { map, path, invert, clean, fit } = useOwnMap.getState()
  const { width = 512, height = 512 } = { ...useFacts.getState().complete, ...useCompose.getState().present.request }
  // Cleaning finds by itself what is ink, and shows it light on dark: inverting swaps that.
  return map && { path, map, width, height, clean, fit, keep, invert: clean ? (invert ?? false) : invert }
}

const show = (): Promise<void> =>
  showing(async signal => {
    const input = wish(false)
    if (!input) return
    try {
      const shown = await api.maps.own(input, { signal })
      if (!signal.aborted) useOwnMap.setState({ shown, problem: null })
    } catch (error) {
      if (!signal.aborted) useOwnMap.setState({ shown: null, problem: reportOf(error) })
    }
  })

/** Puts it into the map's place. */
export async function takeOwnMap(): Promise<void> {
  const input = wish(true)
  if (!input) return
  try {
    const { path } = await api.maps.own(input)
    if (useOwnMap.getState().path !== input.path) return
    useCompose.getState().control(input.map, { image: path })
    closeOwnMap()
  } catch (error) {
    useOwnMap.setState({ problem: reportOf(error) })
  }
}
