/** Whether a worker may paint the tasks of a kind: what it lacks, or the test picture that it paints before it joins. */
import { setTimeout as wait } from 'node:timers/promises'
import { fault, reportOf } from '../faults/fault.ts'
import { StudioError } from '../faults/studio-error.ts'
import { sha256 } from '../files/hashes.ts'
import { ENGINE } from '../processes/painting/fingerprint.ts'
import type { AssetsHere } from './assets-here.ts'
import { admissionSchema } from './canary.ts'
import { canarySubject, keys, objects } from './names.ts'
import { putObject } from './objects.ts'
import type { Painter } from './painter.ts'
import { type Maker, packFailure, packPicture } from './result.ts'
import type { FarmStore } from './store.ts'
import { type Kind, kindSchema } from './task.ts'
import type { WeightsHere } from './weights-here.ts'

/** Between two looks for the producer's word, which is reminded each time: at first, and at most. */
const LOOK_MS = { first: 50, most: 500 }

export interface Joiner {
  store: FarmStore
  painter: Painter
  weights: Pick<WeightsHere, 'has'>
  assets: AssetsHere
  id: string
  maker: Maker
  signal: AbortSignal
}

/** Why a worker cannot paint a kind as it is; null: it can. */
export function obstacleTo(
  { name: set, engine, same, made, weights }: Kind,
  here: Pick<Joiner, 'painter' | 'weights'>,
): StudioError | null {
  const { made: ours } = here.painter
  if (engine !== ENGINE) return fault('farmOtherVersion', { set, theirs: engine, ours: ENGINE })
  const missing = weights.filter(({ sha256 }) => !here.weights.has(sha256))
  if (missing.length > 0) {
    const models = missing.map(({ name, sha256 }) => `${name} (${sha256.slice(0, 12)})`).join(', ')
    return fault('farmLacksModel', { set, models })
  }
  if (same === 'exact' && made.fingerprint !== ours.fingerprint) {
    const say = ({ provider, device, threads }: typeof made) => `${device}, ${provider}, ${threads} threads`
    return fault('farmOtherFingerprint', { set, theirs: say(made), ours: say(ours) })
  }
  return null
}

/**
 * Paints the kind's test picture, unless this worker has been admitted before, and waits for the producer's word.
 * @returns null: it may join; otherwise why not
 * @throws what the painter throws; the signal's reason
 */
export async function seekAdmission(kind: Kind, joiner: Joiner): Promise<StudioError | null> {
  const { store, painter, assets, id, maker, signal } = joiner
  const { canary, set } = kind
  if (!canary) return null
  const key = keys.admission(set, kind.kind, `${id}-${maker.made.fingerprint}`)
  const known = await store.read(key, admissionSchema)
  if (known?.admitted) return null
  const pictures = await store.pictures(set)
  if (!pictures) return null
  const name = objects.workersCanary(kind.kind, `${id}-${maker.made.fingerprint}`)
  const painted = await paintCanary()
  await store.persist(() => putObject(pictures, name, painted))
  for (let pause = LOOK_MS.first; ; pause = Math.min(LOOK_MS.most, pause * 2)) {
    await store.persist(async () => store.connection.nc.publish(canarySubject(set), name))
    await wait(pause, undefined, { signal })
    const answer = await store.read(key, admissionSchema)
    if (answer?.admitted) return null
    // A refusal of an earlier start may be of another picture.
    if (answer?.refusal && answer.of === sha256(painted)) return StudioError.from(answer.refusal)
    if (!(await store.read(keys.kind(set, kind.kind), kindSchema))) return null
  }

  async function paintCanary(): Promise<Uint8Array> {
    try {
      const places = await assets.of(canary!, pictures!, store)
      const picture = await painter.paint(canary!, { assets: places, signal, onProgress: () => {} })
      return await packPicture(canary!.id, maker, picture)
    } catch (error) {
      signal.throwIfAborted()
      return packFailure(canary!.id, maker, reportOf(error, 'unexpectedInPicture'))
    }
  }
}
