/** Parts of the page that come after the desk: sheets, the gallery, the editors on the canvas. */
import { type ComponentType, useEffect, useState } from 'react'
import { messages } from '../i18n/index.ts'
import { notifyFailure } from '../store/notices.ts'

const parts: (() => Promise<unknown>)[] = []

/**
 * A component whose code is loaded by itself: when the page is idle (`loadParts`), or at last when it is shown. Until then it
 * shows nothing; where its file cannot be had (another version of the studio was installed meanwhile) a notice says what to
 * do, and `onMissing` puts away what waits for it.
 */
export function late<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  onMissing: () => void = () => {},
): ComponentType<Props> {
  let Part: ComponentType<Props> | null = null
  const come = async () => {
    Part ??= await load()
  }
  parts.push(come)
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, as a module is loaded
  return function Late(props: Props) {
    const [, setCome] = useState(false)
    useEffect(() => {
      if (Part) return
      let isShown = true
      come().then(
        () => isShown && setCome(true),
        () => {
          notifyFailure(messages().partMissing)
          onMissing()
        },
      )
      return () => {
        isShown = false
      }
    }, [])
    return Part && <Part {...props} />
  }
}

/** How long after the start parts begin to be loaded, ms: the desk, its maps and its pictures come first. */
const REST_MS = 3000

/** Loads every part, one after the other, each when the page has nothing better to do. @returns ends it */
export function loadParts(): () => void {
  let isEnded = false
  const [...waiting] = parts
  const next = () => {
    const come = waiting.shift()
    // What fails here is asked for again when it is opened, and told then.
    if (come && !isEnded) requestIdleCallback(() => void come().then(next, next))
  }
  const resting = setTimeout(next, REST_MS)
  return () => {
    clearTimeout(resting)
    isEnded = true
  }
}
