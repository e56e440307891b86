/** The thread that downloads: the host's own loop never waits for a network, a disk or a hash. */
import { answer } from '../channel/answer.ts'
import { Http, type HttpOptions } from './http.ts'
import {
  type FileToGet,
  type TransferOptions,
  type TransferProgress,
  type Transferred,
  transferFile,
} from './transfer.ts'

export interface TransferRequest extends Pick<TransferOptions, 'ranges' | 'blockBytes' | 'retry'> {
  wanted: FileToGet
  http: HttpOptions
}

export interface TransferCalls {
  transfer: { request: TransferRequest; event: TransferProgress; reply: Transferred }
}

/** How often progress is told, milliseconds. */
const TELL_MS = 100

answer<TransferCalls>({
  async transfer({ wanted, http: options, ...rest }, { signal, emit }) {
    await using http = new Http(options)
    let told = 0
    let state: TransferProgress['state'] | null = null
    const onProgress = (progress: TransferProgress) => {
      if (progress.state === state && performance.now() - told < TELL_MS) return
      told = performance.now()
      state = progress.state
      emit(progress)
    }
    return await transferFile(wanted, { http, signal, onProgress, ...rest })
  },
})
