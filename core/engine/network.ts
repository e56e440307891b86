/** What all networks have in common: planned from headers, loaded as sessions, given back. */
import type { Graph } from '../graph/builder.ts'
import { OP_PROFILES, type OpProfile } from '../graph/op-profiles.ts'
import type { SessionOptions } from './backend.ts'
import { Session } from './session.ts'

export interface LoadOptions extends SessionOptions {
  /** What differs from the provider's row in OP_PROFILES. */
  ops?: Partial<OpProfile>
  /** Memory that one run may take beside the weights, bytes: a picture that needs more is decoded in tiles. Default: no limit. */
  workingBytes?: number
  /** Runs that a guided step takes: 2 (the negative prompt, then the positive) has half of the memory between the layers. Default 1. */
  passes?: 1 | 2
  /** Pictures of one job that may be denoised in one batch. Default 1. */
  batch?: number
}

/** The provider's row of OP_PROFILES with what differs; what computes in 32 bits on a device may have no 16-bit numbers at all. */
export function profileOf({ provider, ops }: LoadOptions): OpProfile {
  const profile = { ...OP_PROFILES[provider], ...ops }
  return provider !== 'cpu' && profile.compute === 'F32' ? { tables: 'cast', ...profile } : profile
}

/**
 * How many of a job's pictures are denoised together: as many as may be, in batches of one size, so that one graph serves all.
 */
export function batchOf(count: number, { batch = 1 }: Pick<LoadOptions, 'batch'>): number {
  let size = Math.min(count, batch)
  while (count % size !== 0) size--
  return size
}

/** A network whose graphs are built and whose weights are not loaded yet. */
export interface Plan<T extends Network> {
  /** Memory that it holds from its first run on: its weights and, unless they stay in their files, what its arenas grew to. */
  bytes: number
  /** The part of `bytes` that is weights. */
  weightBytes: number
  /** Of weights files, the part that is mapped into memory, bytes: the system may take it back. */
  fileBytes: number
  /** Of all its graphs together: what the engine keeps of each takes memory too. */
  nodes: number
  /** Memory that the largest of its runs takes beside the weights. */
  workingBytes: number
  load(): Promise<T>
}

/** A loaded network that can be given back. */
export interface Network {
  release(): Promise<void>
}

export type Sessions<Name extends string> = Readonly<Record<Name, Session>>

/** The plan of a network that is made of these graphs. */
export function planOf<Name extends string, T extends Network>(
  graphs: Readonly<Record<Name, Graph>>,
  options: LoadOptions,
  make: (sessions: Sessions<Name>) => T,
): Plan<T> {
  const all = Object.values<Graph>(graphs)
  const sum = (each: (graph: Graph) => number) => all.reduce((total, graph) => total + each(graph), 0)
  return {
    // A session over mapped weights gives its arena back after each run (session.ts).
    bytes: sum(({ weightBytes, activationBytes, mapped }) => weightBytes + (mapped ? 0 : activationBytes)),
    weightBytes: sum(({ weightBytes }) => weightBytes),
    fileBytes: sum(({ fileBytes }) => fileBytes),
    nodes: sum(({ nodes }) => nodes),
    workingBytes: Math.max(...all.map(({ activationBytes }) => activationBytes)),
    load: async () => make(await loadSessions(graphs, options)),
  }
}

/** One after another; when one cannot be loaded, those before it are given back. */
async function loadSessions<Name extends string>(
  graphs: Readonly<Record<Name, Graph>>,
  options: LoadOptions,
): Promise<Sessions<Name>> {
  const loaded: Partial<Record<Name, Session>> = {}
  try {
    for (const [name, graph] of Object.entries<Graph>(graphs)) loaded[name as Name] = await Session.load(graph, options)
    return loaded as Sessions<Name>
  } catch (error) {
    await releaseAll(loaded)
    throw error
  }
}

export async function releaseAll(sessions: Readonly<Partial<Record<string, Session>>>): Promise<void> {
  for (const session of Object.values(sessions)) await session?.release()
}
