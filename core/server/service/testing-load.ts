/** For tests and benchmarks: many clients at once on a queue that is full before the last of them comes. */

export interface Burst {
  /** Requests that were taken, and answered with a picture. */
  answered: number
  /** Requests that were refused with 429. */
  refused: number
  /** Of these, how many said when to come again. */
  hinted: number
  /** Everything else: status and what was said. */
  others: string[]
}

const json = { 'content-type': 'application/json' }
const post = (origin: string, path: string, body: object) =>
  fetch(origin + path, { method: 'POST', headers: json, body: JSON.stringify(body) })

/** A small picture: what is tried is the queue. */
const SMALL = { word: '学', width: 64, height: 64, steps: 1, seed: 1 }

/**
 * Sends `requests` pictures at once while another one is being painted, which ends only when as many are refused as
 * should be: what the queue takes is then its limit to the one.
 * @param limit how many may wait there
 */
export async function burst(origin: string, requests: number, limit: number): Promise<Burst> {
  const found: Burst = { answered: 0, refused: 0, hinted: 0, others: [] }
  const blocking = await paintForLong(origin)
  const full = Promise.withResolvers<void>()
  const one = async () => {
    const answer = await post(origin, '/api/writing/generate-writing-image', SMALL)
    const text = await answer.text()
    if (answer.status === 200 && JSON.parse(text).generated_image_base64) found.answered++
    else if (answer.status === 429) {
      found.refused++
      if (Number(answer.headers.get('retry-after')) > 0) found.hinted++
    } else found.others.push(`${answer.status} ${text.slice(0, 300)}`)
    // One that was taken wrongly must not leave the others waiting for ever.
    if (found.refused + found.others.length >= requests - limit || found.answered > 0) full.resolve()
  }
  const sent = Array.from({ length: requests }, one)
  await full.promise
  await post(origin, `/api/jobs/${blocking}/cancel`, {})
  await Promise.all(sent)
  return found
}

/** A picture that is being painted now, and takes long. @returns id of its job */
export async function paintForLong(origin: string): Promise<string> {
  const body = { ...SMALL, width: 512, height: 512, steps: 150 }
  const { id } = (await (await post(origin, '/api/jobs', body)).json()) as { id: string }
  const events = await fetch(`${origin}/api/jobs/${id}/events`)
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; !text.includes('"running"'); ) {
    const { value, done } = await reader.read()
    if (done) throw new Error('The picture that was to take long has ended.')
    text += value
  }
  await reader.cancel()
  return id
}
