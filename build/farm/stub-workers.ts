/**
 * Workers with stub painters in one process, each with a connection and data folder of its own. Says "ready" and works until SIGTERM.
 * Arguments: folder, address, token, how many, milliseconds a picture.
 */
import { join } from 'node:path'
import { openWorker } from '../../core/farm/open-worker.ts'
import { StubPainter } from '../../core/farm/testing-painter.ts'

const [folder = '', url = '', token, count, milliseconds] = process.argv.slice(2)
const workers = await Promise.all(
  Array.from({ length: Number(count) }, (_, i) =>
    openWorker({
      ...{ address: { url, token }, dataFolder: join(folder, String(i)), name: `stub-${process.pid}-${i}` },
      painter: { painter: new StubPainter({ milliseconds: Number(milliseconds) }), models: ['*'] },
      onEvent: event => {
        if (event.kind === 'problem') console.error(event.problem.message)
      },
    }),
  ),
)
const running = workers.map(({ worker }) => worker.run())
process.on('SIGTERM', () => {
  for (const { worker } of workers) worker.stop()
})
console.log('ready')
await Promise.all(running)
for (const worker of workers) await worker[Symbol.asyncDispose]()
