import { type RefObject, useEffect, useRef, useState } from 'react'

/** Whether any of an element is on the screen: what lies outside a scroller's window is not. */
export function useInView<T extends Element>(): { element: RefObject<T | null>; inView: boolean } {
  const element = useRef<T>(null)
  const [inView, setInView] = useState(false)
  useEffect(() => {
    const observed = element.current
    if (!observed) return
    const observer = new IntersectionObserver(entries => setInView(entries.at(-1)?.isIntersecting ?? false))
    observer.observe(observed)
    return () => observer.disconnect()
  }, [])
  return { element, inView }
}
