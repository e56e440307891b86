/** The child that loads a GPU's libraries: where one crashes or hangs, nothing else does. */
import { basename } from 'node:path'
import { answer } from '../channel/answer.ts'
import { loadShared, openApi } from '../engine/ort/api.ts'
import { reasonOf } from '../faults/fault.ts'

export interface ProbeCalls {
  load: {
    /** CUDA's own libraries, in the order in which they are needed, and ONNX Runtime's. */
    request: { preload: string[]; library: string }
    event: never
    reply: { failed: string | null; driverSupports: string | null; devices: number }
  }
}

answer<ProbeCalls>({
  async load({ preload, library }) {
    const nothing = { driverSupports: null, devices: 0 }
    const loaded: ReturnType<typeof loadShared>[] = []
    try {
      for (const path of preload) loaded.push(loadShared(path))
      // ONNX Runtime loads its CUDA provider itself: that of 1.26 crashes where it is loaded without the library that serves it.
      const api = openApi(library)
      api.call('ReleaseCUDAProviderOptions', api.create('CreateCUDAProviderOptions'))
    } catch (error) {
      return { failed: reasonOf(error), ...nothing }
    }
    const runtime = loaded[preload.findIndex(path => basename(path).startsWith('libcudart.so'))]
    if (!runtime) return { failed: null, ...nothing }
    // cudaError_t cudaDriverGetVersion(int *), cudaGetDeviceCount(int *): CUDA Runtime API reference.
    const [version, count] = [[0], [0]]
    const isThere = runtime.func('int cudaDriverGetVersion(_Out_ int *version)')(version) === 0 && version[0] > 0
    if (!isThere) return { failed: null, ...nothing }
    const found = runtime.func('int cudaGetDeviceCount(_Out_ int *count)')(count) === 0 ? count[0] : 0
    const driverSupports = `${Math.floor(version[0] / 1000)}.${Math.floor((version[0] % 1000) / 10)}`
    return { failed: null, driverSupports, devices: found }
  },
})
