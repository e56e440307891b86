/** A text encoder, loaded. */
import { buildClip, type ClipConfig, readClipConfig } from '../graph/clip.ts'
import type { Component } from '../weights/types.ts'
import { type LoadOptions, type Network, type Plan, planOf, profileOf } from './network.ts'
import type { Session } from './session.ts'
import { ints } from './tensor.ts'

export class ClipNetwork implements Network {
  readonly config: ClipConfig
  readonly #session: Session
  readonly #layers: number[]
  private constructor(config: ClipConfig, session: Session, layers: number[]) {
    this.config = config
    this.#session = session
    this.#layers = layers
  }

  /** hiddenStates: which to return; 0 = embeddings, `layers` = the last before the final norm. Default: SDXL's penultimate. */
  static plan(name: string, component: Component, options: LoadOptions, hiddenStates?: number[]): Plan<ClipNetwork> {
    const config = readClipConfig(name, component.config)
    const layers = hiddenStates ?? [config.layers - 1]
    const graph = buildClip(name, component, profileOf(options), 1, layers)
    return planOf({ graph }, options, sessions => new ClipNetwork(config, sessions.graph, layers))
  }

  /** ids: one row of `positions` tokens → hidden states (1, positions, hidden) in the order asked for, pooled (1, width). */
  async encode(ids: readonly number[]): Promise<{ hidden: Float32Array[]; pooled: Float32Array }> {
    const out = await this.#session.run({ ids: ints(ids, 1, ids.length), pooled_rows: ints([this.#pooledRow(ids)]) })
    const data = (name: string) => out[name].data as Float32Array
    return { hidden: this.#layers.map(layer => data(`hidden.${layer}`)), pooled: data('pooled') }
  }

  /**
   * eos_token_id 2 is a mistake of the published configs that transformers reads as "the highest id". That was meant for
   * the published vocabulary: the words of embeddings lie above it and are not the end.
   */
  #pooledRow(ids: readonly number[]): number {
    const { eosTokenId, vocabulary, added } = this.config
    const highest = () => Math.max(...ids.filter(id => id < vocabulary - added))
    return Math.max(0, ids.indexOf(eosTokenId === 2 ? highest() : eosTokenId))
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}
