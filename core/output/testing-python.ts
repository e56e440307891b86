/** A Python with a package, for tests that have another program read what was written. */
import { execFileSync } from 'node:child_process'

/**
 * Path of an interpreter that has the package: ZIHUA_PYTHON's, or python3. null: there is none, and the tests that need it
 * are skipped and say so in their names.
 */
export function python(module: string): string | null {
  for (const path of [process.env['ZIHUA_PYTHON'], 'python3', 'python']) {
    if (!path) continue
    try {
      execFileSync(path, ['-c', `import ${module}`], { stdio: 'ignore', timeout: 60_000 })
      return path
    } catch {
      // Another one may have it.
    }
  }
  return null
}
