import type { Network, Plan } from './network.ts'

/** How much loaded weight may stay between pictures; core/processes/painting/client.ts says how much. */
export interface RetentionPolicy {
  /** Weights held at once, bytes; what is in use may exceed it. */
  budgetBytes: number
  /**
   * What stays after its use: "all" that the budget allows (default); the "denoiser", while text encoders and VAE are given
   * back; "nothing", so that one network is in memory at a time.
   */
  keep?: 'all' | 'denoiser' | 'nothing'
}

/** What a network is to a picture. */
export type NetworkRole = 'text encoder' | 'denoiser' | 'vae'

interface Entry {
  family: string
  role: NetworkRole
  network: Network
  bytes: number
  users: number
  lastUsed: number
}

/** A network on loan: usable until the lease is disposed of, kept or given back afterwards as the policy says. */
export interface Lease<T extends Network> extends AsyncDisposable {
  readonly network: T
}

/**
 * Keeps networks between pictures. Before one is loaded, the same network at another size goes first (its weights would
 * be in memory twice), then whatever was used longest ago, until the new one fits the budget.
 */
export class NetworkCache {
  #policy: RetentionPolicy
  readonly #entries = new Map<string, Entry>()
  #clock = 0

  constructor(policy: RetentionPolicy) {
    this.#policy = policy
  }

  /** From now on. What is held goes at its next turn. */
  set policy(policy: RetentionPolicy) {
    this.#policy = policy
  }

  /** family: the same weights at any size; key: everything that makes this one different from others. */
  async acquire<T extends Network>(
    family: string,
    key: string,
    plan: () => Plan<T>,
    role: NetworkRole = 'denoiser',
  ): Promise<Lease<T>> {
    const entry = this.#entries.get(key) ?? (await this.#load(family, key, plan(), role))
    entry.users++
    entry.lastUsed = ++this.#clock
    return {
      network: entry.network as T,
      [Symbol.asyncDispose]: async () => {
        entry.users--
        if (entry.users === 0 && !this.#stays(entry)) await this.#drop(key, entry)
        await this.#makeRoom(0)
      },
    }
  }

  /** Weights held now, bytes. */
  get heldBytes(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Gives back everything that is not in use, but for the families named. */
  async clear(keep: readonly string[] = []): Promise<void> {
    for (const [key, entry] of this.#entries)
      if (entry.users === 0 && !keep.includes(entry.family)) await this.#drop(key, entry)
  }

  #stays({ role }: Entry): boolean {
    const { keep = 'all' } = this.#policy
    return keep === 'all' || (keep === 'denoiser' && role === 'denoiser')
  }

  async #load<T extends Network>(family: string, key: string, plan: Plan<T>, role: NetworkRole): Promise<Entry> {
    for (const [other, entry] of this.#entries) {
      if (entry.family === family && entry.users === 0) await this.#drop(other, entry)
    }
    await this.#makeRoom(plan.bytes)
    const entry: Entry = { family, role, network: await plan.load(), bytes: plan.bytes, users: 0, lastUsed: 0 }
    this.#entries.set(key, entry)
    return entry
  }

  async #makeRoom(bytes: number): Promise<void> {
    const idle = [...this.#entries]
      .filter(([, { users }]) => users === 0)
      .sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    for (const [key, entry] of idle) {
      if (this.heldBytes + bytes <= this.#policy.budgetBytes) return
      await this.#drop(key, entry)
    }
  }

  async #drop(key: string, entry: Entry): Promise<void> {
    // Two leases of one network may end at the same time.
    if (!this.#entries.delete(key)) return
    await entry.network.release()
  }
}
