/** What is told outside of the window: work in the taskbar, the end of something long, the language of the menus. */
import type { Job } from '../../core/host/api.ts'
import { COMMANDS } from '../commands/commands.ts'
import { desktop } from '../desktop.ts'
import { language, messages, sentence } from '../i18n/index.ts'
import { keep, recall } from './keep.ts'
import { tell } from './notices.ts'
import { isOpen, running, useQueue } from './queue.ts'
import { useSettings } from './settings.ts'

/** Shorter than this, and whoever waits has not looked away. */
const LONG_MS = 20_000
const KEY = 'zihua.notifications'

/** In a browser, where it takes the user's word: whether that was given here, and still holds. */
export const wantsNotifications = (): boolean =>
  recall<boolean>(KEY) === true && 'Notification' in window && Notification.permission === 'granted'

/** @returns whether it is so now; the browser may ask, and the user may say no */
export async function setNotifications(wanted: boolean): Promise<boolean> {
  const granted = wanted && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  keep(KEY, granted)
  return granted
}

/** The running job's part, with what waits beside it. */
function tellWork(jobs: readonly Job[]): void {
  const { done = 0, total = 0 } = running({ jobs: [...jobs], paused: false })?.progress ?? {}
  desktop?.setWork({ open: jobs.filter(isOpen).length, fraction: total > 0 ? done / total : null }).catch(tell)
}

function notify({ title, state, pictures, set, error }: Job): void {
  const t = messages()
  const heading = state === 'done' ? t.ready(title) : t.notReady(title)
  const body =
    state === 'done' ? t.pictures(set?.done ?? pictures.length) : error ? sentence(error, language()).message : ''
  if (desktop) desktop.notify(heading.slice(0, 300), body.slice(0, 300)).catch(tell)
  else if (wantsNotifications() && !document.hasFocus())
    new Notification(heading, { body, icon: './seal.svg' }).onclick = () => window.focus()
}

/** When each running job began here, by its id. */
const began = new Map<string, number>()

function follow(jobs: readonly Job[]): void {
  for (const job of jobs) {
    if (job.state === 'running') began.set(job.id, began.get(job.id) ?? performance.now())
    else if (began.has(job.id)) {
      const took = performance.now() - (began.get(job.id) ?? 0)
      began.delete(job.id)
      // What was cancelled was cancelled by hand; what went back to the queue is not over.
      if (took > LONG_MS && (job.state === 'done' || job.state === 'failed')) notify(job)
    }
  }
}

/** @returns the way to stop */
export function startOutside(): () => void {
  const speak = () => {
    const { language, shortcuts } = useSettings.getState().settings
    desktop?.setLanguage(language, shortcuts).catch(tell)
  }
  const stops = [
    useQueue.subscribe(({ jobs }, before) => {
      if (jobs === before.jobs) return
      tellWork(jobs)
      follow(jobs)
    }),
    useSettings.subscribe(({ settings: { language, shortcuts } }, { settings: before }) => {
      if (language !== before.language || shortcuts !== before.shortcuts) speak()
    }),
    desktop?.onCommand(id => {
      const command = COMMANDS.find(each => each.id === id)
      if (command && command.enabled?.() !== false) command.run()
    }),
  ]
  speak()
  return () => {
    for (const stop of stops) stop?.()
  }
}
