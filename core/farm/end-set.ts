/** Takes a set off the farm: wholly where it is complete; else what is painted stays for the next run. */
import { ignoreGone } from './connection.ts'
import { consumerOf, keys, picturesOf, TASKS, tasksOfSet } from './names.ts'
import type { FarmStore } from './store.ts'

/** Tasks that nobody has begun go in both cases. @param kinds those that were told of */
export async function endSet(
  store: FarmStore,
  set: string,
  kinds: readonly string[],
  complete: boolean,
): Promise<void> {
  const { jsm } = store.connection
  await store.ensure()
  for (const kind of kinds) await store.persist(() => store.shared.purge(keys.kind(set, kind)))
  await store.persist(() => jsm.streams.purge(TASKS, { filter: tasksOfSet(set) }))
  for (const kind of kinds) {
    await store.persist(() => jsm.consumers.delete(TASKS, consumerOf(set, kind))).catch(ignoreGone)
  }
  await store.forget(keys.attemptsOf(set))
  await store.persist(() => store.shared.purge(keys.set(set)))
  if (!complete) return
  await store.forget(keys.admissionsOf(set))
  await store.persist(() => jsm.streams.delete(`OBJ_${picturesOf(set)}`)).catch(ignoreGone)
}
