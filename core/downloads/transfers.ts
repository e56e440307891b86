/** Transfers in a thread of their own, which ends when nothing is left to do. */
import { Channel } from '../channel/channel.ts'
import { startThread } from '../channel/endpoint.ts'
import { fault } from '../faults/fault.ts'
import type { TransferProgress, Transferred } from './transfer.ts'
import type { TransferCalls, TransferRequest } from './transfer-thread.ts'

/** MiB. Buffers of the network are outside the heap; a small young generation frees them soon. */
const HEAP = { old: 128, young: 1 }

export class Transfers implements AsyncDisposable {
  #thread: Channel<TransferCalls> | null = null
  #running = 0

  /** @throws StudioError; 'cancelled' on abort, once the part is closed and may be gone on with or deleted */
  async run(
    request: TransferRequest,
    signal: AbortSignal,
    onProgress: (progress: TransferProgress) => void,
  ): Promise<Transferred> {
    if (!this.#thread || this.#thread.ended)
      this.#thread = new Channel<TransferCalls>(
        startThread(new URL('./transfer-thread.ts', import.meta.url), HEAP.old, HEAP.young),
        { died: ({ how }) => fault('downloadBroken', { file: request.wanted.file, reason: how }) },
      )
    const thread = this.#thread
    this.#running++
    const { reply, settled } = thread.call('transfer', request, { signal, onEvent: onProgress })
    try {
      return await reply
    } finally {
      await settled
      this.#running--
      if (this.#running === 0 && this.#thread === thread) {
        this.#thread = null
        await thread.kill()
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.kill(fault('cancelled'))
  }
}
