/** What things are called on a farm's server. Tokens of subjects are letters, digits and hyphens only. */

/** The stream of tasks: each message is one picture, and stays until it is acknowledged. */
export const TASKS = 'ZIHUA_TASKS'
const TASK_ROOT = 'zihua.task'
export const ALL_TASKS = `${TASK_ROOT}.>`

/** The bucket of what all must know and a restart must not forget: sets, kinds, attempts, admissions, controls. */
export const SHARED = 'zihua-farm'
/** Who is there. In memory; an entry that is not renewed goes. */
export const WORKERS = 'zihua-workers'
/** Files of models on their way from a producer to workers. */
export const MODELS = 'zihua-models'

/** A worker renews its entry this often; after HEARTBEAT_TTL_MS without, it is gone. */
export const HEARTBEAT_MS = 5000
export const HEARTBEAT_TTL_MS = 20_000
/** A task that is neither acknowledged nor worked on for so long is given to another worker. */
export const ACK_WAIT_MS = 60_000
/** A second message of the same id within this time is refused: longer than any set takes. */
export const DUPLICATE_WINDOW_MS = 30 * 24 * 3600_000
/** Bytes of a task, at most: one with more in it is none of ours. */
export const LARGEST_TASK = 4 << 20
/** A picture on which so many workers have ended or failed is set aside. */
export const MOST_ATTEMPTS = 3

export const taskSubject = (set: string, kind: string, id: string) => `${TASK_ROOT}.${set}.${kind}.${id}`
export const tasksOfKind = (set: string, kind: string) => `${TASK_ROOT}.${set}.${kind}.>`
export const tasksOfSet = (set: string) => `${TASK_ROOT}.${set}.>`
export const consumerOf = (set: string, kind: string) => `${set}-${kind}`
/** The bucket of a set's pictures, which goes when the set is complete. */
export const picturesOf = (set: string) => `zihua-set-${set}`
/** Says that a task's result has been stored; not kept, as the bucket is what counts. */
export const doneSubject = (set: string) => `zihua.done.${set}`
/** Says that a worker's test picture has been stored. */
export const canarySubject = (set: string) => `zihua.canary.${set}`

export const keys = {
  set: (set: string) => `set.${set}`,
  kind: (set: string, kind: string) => `kind.${set}.${kind}`,
  kinds: 'kind.>',
  kindsOf: (set: string) => `kind.${set}.>`,
  attempts: (set: string, id: string) => `attempt.${set}.${id}`,
  attemptsOf: (set: string) => `attempt.${set}.>`,
  admission: (set: string, kind: string, worker: string) => `admit.${set}.${kind}.${worker}`,
  admissionsOf: (set: string) => `admit.${set}.>`,
  control: (worker: string) => `control.${worker}`,
  wanted: (sha256: string) => `want.${sha256}`,
}

/** Names of objects in a set's bucket beside results, which are called by their task's id. */
export const objects = {
  canary: (kind: string) => `canary-${kind}`,
  workersCanary: (kind: string, worker: string) => `canary-${kind}-${worker}`,
  asset: (sha256: string) => `asset-${sha256}`,
}
