/** What is shown outside the window: progress in the taskbar, notifications, the menus' language. */
import type { Job } from '../../core/host/api/queue.ts'
import { COMMANDS } from '../commands/commands.ts'
import { desktop } from '../desktop.ts'
import { language, messages, sentence } from '../i18n/index.ts'
import { keep, recall } from './keep.ts'
import { notifyError } from './notices.ts'
import { isOpen, running, useQueue } from './queue.ts'
import { useSettings } from './settings.ts'

/** Jobs shorter than this end without a notification. */
const LONG_MS = 20_000
const KEY = 'zihua.notifications'

/** In a browser: whether the user has switched notifications on here, and still permits them. */
export const wantsNotifications = (): boolean =>
  recall<boolean>(KEY) === true && 'Notification' in window && Notification.permission === 'granted'

/** @returns whether they are on now; the browser may ask, and the user may refuse */
export async function setNotifications(wanted: boolean): Promise<boolean> {
  const granted = wanted && 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  keep(KEY, granted)
  return granted
}

/** Shows the running job's progress and the number of open jobs. */
function showWork(jobs: readonly Job[]): void {
  const { done = 0, total = 0 } = running({ jobs: [...jobs] })?.progress ?? {}
  desktop?.setWork({ open: jobs.filter(isOpen).length, fraction: total > 0 ? done / total : null }).catch(notifyError)
}

function notifyEnd({ title, state, pictures, set, error }: Job): void {
  const t = messages()
  const heading = state === 'done' ? t.ready(title) : t.notReady(title)
  const body =
    state === 'done' ? t.pictures(set?.done ?? pictures.length) : error ? sentence(error, language()).message : ''
  if (desktop) desktop.notify(heading.slice(0, 300), body.slice(0, 300)).catch(notifyError)
  else if (wantsNotifications() && !document.hasFocus())
    new Notification(heading, { body, icon: './seal.svg' }).onclick = () => window.focus()
}

/** When each running job began, by its id, milliseconds. */
const began = new Map<string, number>()

function follow(jobs: readonly Job[]): void {
  for (const job of jobs) {
    if (job.state === 'running') began.set(job.id, began.get(job.id) ?? performance.now())
    else if (began.has(job.id)) {
      const took = performance.now() - (began.get(job.id) ?? 0)
      began.delete(job.id)
      // A cancelled job was cancelled by the user; a job that went back to the queue has not ended.
      if (took > LONG_MS && (job.state === 'done' || job.state === 'failed')) notifyEnd(job)
    }
  }
}

/** @returns the way to stop */
export function startOutside(): () => void {
  const speak = () => {
    const { language, shortcuts } = useSettings.getState().settings
    desktop?.setLanguage(language, shortcuts).catch(notifyError)
  }
  const stops = [
    useQueue.subscribe(({ jobs }, before) => {
      if (jobs === before.jobs) return
      showWork(jobs)
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
