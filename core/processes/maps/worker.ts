/** A worker thread of the pool. Maps are sent as soon as they are made, transferred instead of copied. */
import { answer } from '../../channel/answer.ts'
import { reportOf } from '../../faults/fault.ts'
import type { MapCalls } from './job.ts'
import { runJob } from './run-job.ts'

answer<MapCalls>(
  {
    // The glyph is copied: its coverage was allocated by a native library and cannot be transferred.
    make: (job, { signal, emit }) => runJob(job, signal, map => emit(map, [map.image.data.buffer as ArrayBuffer])),
  },
  { report: error => reportOf(error, 'mapFailed') },
)
