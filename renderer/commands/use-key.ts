import { useSettings } from '../store/settings.ts'
import { keysOf, printed } from './keys.ts'

/** The printed shortcut of a command; undefined where it has none. */
export function useKeyOf(id: string | undefined): string | undefined {
  return useSettings(({ settings }) => {
    const [key] = id === undefined ? [] : keysOf(id, settings.shortcuts)
    return key === undefined ? undefined : printed(key)
  })
}
