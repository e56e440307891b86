/** Which control pictures a request leads to, before any of them is drawn or read. */
import type { Request } from '../contract/request.ts'
import { MAPS, type MapName, type Method, SEEDED_METHODS, UNION_MODES } from '../contract/vocabulary.ts'
import type { PlannedControl } from '../pipeline/job.ts'

interface Sourced extends PlannedControl {
  /** A picture file, the map that is drawn of the word, or what is made of the init picture. */
  source: { image: string; map?: MapName } | { image: null; map: MapName } | 'repaint' | 'tile'
}

/** The control pictures in the order in which the network sums them. */
export function plannedControls({ controlImages, controls, repaint, initImage, upscale }: Request): Sourced[] {
  const given = (controlImages ?? []).map(({ type, image, ...window }) => ({
    mode: UNION_MODES[type],
    ...window,
    source: { image },
  }))
  const drawn = MAPS.flatMap(map => {
    const control = controls?.[map]
    // A weight of 0 switches a drawn map off; in a replay it is an explicit 0.
    if (!control || control.weight === 0) return []
    const { image, weight, start, end } = control
    return [{ mode: UNION_MODES[map], weight, start, end, source: { image, map } as Sourced['source'] }]
  })
  // ProMax has kinds of its own for repainting, and for painting larger what it sees.
  const whole = { weight: 1, start: 0, end: 1, optional: true }
  const promax: Sourced[] = []
  if (repaint && initImage !== null) promax.push({ mode: UNION_MODES.repaint, ...whole, source: 'repaint' })
  else if (upscale?.method === 'tiled') promax.push({ mode: UNION_MODES.tile, ...whole, source: 'tile' })
  return [...given, ...drawn, ...promax]
}

/** The maps that a request wants drawn of its word, and by which methods. */
export const drawnMaps = ({ controls }: Pick<Request, 'controls'>): { map: MapName; method: Method }[] =>
  MAPS.flatMap(map => {
    const control = controls?.[map]
    return control && control.image === null && control.weight > 0 ? [{ map, method: control.method as Method }] : []
  })

/** Whether each picture of the request has maps of its own: some are drawn by its seed. */
export const mapsFollowSeed = (request: Pick<Request, 'controls' | 'latents' | 'noise'>): boolean =>
  // A replay's latents hold all pictures of the request, by their number.
  request.latents === null &&
  request.noise === null &&
  drawnMaps(request).some(({ method }) => SEEDED_METHODS.includes(method))
