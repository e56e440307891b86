import { readDownloadManifest } from '../../../downloads/manifest.ts'
import type { DownloadProgress, DownloadRecord } from '../../../downloads/model-download.ts'
import { dataFolder } from '../../../files/data-folder.ts'
import { ModelStore } from '../../../machine/model-store.ts'
import { ModelRegistry } from '../../../machine/registry.ts'
import { stopSignal } from '../../../server/told-to-stop.ts'

/** zihua models download ID, or --manifest FILE; "starter" is the set for full pictures. */
export async function download(id: string | undefined, file: string | undefined, json: boolean): Promise<void> {
  const folder = dataFolder()
  const store = new ModelStore(folder, new ModelRegistry(folder))
  const manifest =
    file === undefined ? await store.find(id === 'starter' ? 'sdxl' : id!) : await readDownloadManifest(file)
  const line = progressLine()
  try {
    const { record, model } = await store.download(manifest, { signal: stopSignal(), onProgress: line.show })
    line.end()
    if (json) return console.log(JSON.stringify({ ...record, folder: store.folder(manifest.id), model }))
    console.log(`${manifest.id}: ${record.files.length} files in ${store.folder(manifest.id)}`)
    for (const text of saidOf(record)) console.log(text)
    if (model) console.log(`It can be used now: --${model.kind === 'model' ? 'model' : model.kind} ${model.id}`)
  } finally {
    line.end()
  }
}

/** What a user should know of hashes that the manifest did not have. */
function saidOf({ files }: DownloadRecord): string[] {
  const by = (proof: DownloadRecord['files'][number]['proof']) => files.filter(one => one.proof === proof)
  const lines: string[] = []
  if (by('hub').length > 0)
    lines.push(`${by('hub').length} checked against the SHA-256 that the hub gave; it is written down for later.`)
  if (by('git').length > 0) lines.push(`${by('git').length} checked against Git's hash in the hub's repository.`)
  if (by('none').length > 0)
    lines.push(
      `${by('none').length} could not be checked: nobody publishes a hash. What arrived is written down for later.`,
    )
  return lines
}

const WIDTH = 24

/** "████░░░░ 3.1 of 9.6 GB, 41 MB/s, 3 min left" on stderr where it is a terminal; nothing elsewhere. */
function progressLine(stream: NodeJS.WriteStream = process.stderr) {
  if (!stream.isTTY) return { show: () => {}, end: () => {} }
  return {
    show({ state, received, size, speed, secondsLeft }: DownloadProgress) {
      const done = size > 0 ? Math.min(WIDTH, Math.round((received / size) * WIDTH)) : 0
      const rate = speed === null ? '' : `, ${(speed / 1e6).toFixed(speed < 1e7 ? 1 : 0)} MB/s`
      const left = secondsLeft === null ? '' : `, ${timeLeft(secondsLeft)} left`
      const note =
        state === 'waiting' ? ', waiting for the server' : state === 'verifying' ? ', verifying' : `${rate}${left}`
      stream.write(
        `\r\x1b[2K${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${gigabytes(received)} of ${gigabytes(size)} GB${note}`,
      )
    },
    end: () => void stream.write('\r\x1b[2K'),
  }
}

export const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1)

const timeLeft = (seconds: number): string =>
  seconds < 90
    ? `${Math.ceil(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`
