/**
 * `npm run check:replay FOLDER`: paints every picture of a folder (a set that an older version made, say) again from its own
 * record and compares the pixels. Ends with 1 where one differs.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { Studio } from '../core/generate/studio.ts'
import { readPngRequest } from '../core/image/png-text.ts'
import { Library } from '../core/library/library.ts'

const folder = process.argv[2]
if (!folder) throw new Error('Usage: npm run check:replay FOLDER')
await using studio = new Studio()
const library = await Library.open(studio.dataFolder)
const differing: string[] = []
let same = 0
for (const name of readdirSync(folder).filter(name => name.endsWith('.png'))) {
  const file = join(folder, name)
  // Maps and contact sheets have no request.
  if (!(await readPngRequest(file).catch(() => null))) continue
  const { request, base } = await library.replay(file)
  const complete = await studio.generator.complete(request, base)
  const [made] = await studio.generator.generate({ ...complete, count: 1 }, { base })
  const old = await sharp(file).raw().toBuffer()
  if (made && old.equals(made.image.data)) same++
  else differing.push(name)
}
library.close()
console.log(`${same} of ${same + differing.length} pictures are the same, pixel for pixel.`)
for (const name of differing) console.log(`  differs: ${name}`)
process.exitCode = differing.length > 0 || same === 0 ? 1 : 0
