import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Folder of the full golden sets: ZIHUA_FIXTURES, default ../shared/fixtures beside the repository. Tests only. */
export const fixturesRoot = resolve(process.env['ZIHUA_FIXTURES'] ?? join(repository, '../shared/fixtures'))

/** Folder of the golden data that the repository itself carries. Tests only. */
export const ownFixtures = join(repository, 'fixtures')

/**
 * Path inside the full golden sets, or inside the repository's own copy (same relative path), or null where neither
 * has it. A test that gets null must skip and say so: `it.skipIf(!path)('name (needs ZIHUA_FIXTURES)')`.
 */
export function fixture(relative: string): string | null {
  for (const root of [fixturesRoot, ownFixtures]) if (existsSync(join(root, relative))) return join(root, relative)
  return null
}
