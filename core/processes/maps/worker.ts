/** A worker thread of the pool: one job at a time; maps go out, moved not copied, as soon as they are made. */
import { answer } from '../../channel/answer.ts'
import { reportOf } from '../../faults/fault.ts'
import type { MapCalls } from './job.ts'
import { runJob } from './run-job.ts'

answer<MapCalls>(
  {
    // The glyph is copied: bytes that a native library allocated (a drawn coverage) cannot be moved.
    make: (job, { signal, emit }) => runJob(job, signal, map => emit(map, [map.image.data.buffer as ArrayBuffer])),
  },
  { report: error => reportOf(error, 'mapFailed') },
)
