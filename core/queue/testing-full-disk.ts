/** For tests: a small disk of their own, which can really be full. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Fills every byte. */
  fill(): void
  /** Frees what fill() took. */
  free(): void
  close(): void
}

/** A tmpfs of so many megabytes; null where this user may not mount one. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'zihua-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  const filling = join(folder, 'filling')
  return {
    folder,
    fill() {
      mkdirSync(filling, { recursive: true })
      for (let n = 0; statfsSync(folder).bavail > 0; n++) {
        const { bavail, bsize } = statfsSync(folder)
        try {
          writeFileSync(join(filling, `${n}`), Buffer.alloc(Math.min(bavail * bsize, 1 << 24)))
        } catch {
          // Half of it was written, which fills the disk as well.
        }
      }
    },
    free: () => rmSync(filling, { recursive: true, force: true }),
    close() {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
