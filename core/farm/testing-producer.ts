/**
 * For tests: a producer that may be killed at any moment. Prints JSON lines: its progress, and its report at the end. With an
 * empty address it makes the set by itself. Arguments: data folder, address, token, set's folder, JSON of the set.
 */
import { Studio } from '../generate/studio.ts'
import type { SetInput } from '../sets/definition.ts'
import { makeSet } from '../sets/make-set.ts'
import { makeFarmSet } from './farm-set.ts'
import { openHashes } from './hash-cache.ts'

const [dataFolder, url, token, folder, json] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const set = JSON.parse(json) as SetInput

await using studio = new Studio({ dataFolder })
const { hashes, database } = openHashes(dataFolder)
const { generator, inference } = studio
const how = {
  base: dataFolder,
  onProgress: ({ done, failed }: { done: number; failed: number }) => say({ done, failed }),
}
say({ started: process.pid })
await inference.settle()
const report = url
  ? await makeFarmSet(set, folder, {
      ...{ ...how, address: { url, token }, generator, made: inference.made, hashes, same: 'exact' },
      onProblem: ({ message }) => say({ problem: message }),
    })
  : await makeSet(set, folder, { ...how, maker: generator })
say({ report })
database.close()
