/** Opens the studio and serves it. Beside browser-host.ts, so that a process can do something else while these scripts load. */
import { StudioError } from '../faults/studio-error.ts'
import { StudioHost } from '../host/studio-host.ts'
import type { InferenceClient } from '../processes/painting/client.ts'
import { Invitation } from './invitation.ts'
import { LocalApi } from './local-api.ts'
import { type Served, type ServeOptions, serve } from './serve.ts'

export interface BrowserHost {
  served: Served
  host: StudioHost
  /** Ends streams, gives the running job back to the queue, closes the databases. */
  close(): Promise<void>
}

export interface BrowserHostOptions extends Omit<ServeOptions, 'host'> {
  /** Take any other port where the one asked for is taken. */
  anyPort?: boolean
  platform?: 'browser' | 'electron'
  /** Lines of the log for people on standard error. */
  logToTerminal?: boolean
}

/** @param painter the process for single pictures, where it was started already */
export async function openHost(
  { anyPort = false, platform, logToTerminal = false, ...options }: BrowserHostOptions,
  painter?: InferenceClient,
): Promise<BrowserHost> {
  const host = await StudioHost.open({ logToTerminal, ...(platform && { platform }), ...(painter && { painter }) })
  const listen = (port: ServeOptions['port']) => serve({ ...options, host, ...(port !== undefined && { port }) })
  try {
    const served = await listen(options.port).catch(error => {
      if (anyPort && error instanceof StudioError) return listen(0)
      throw error
    })
    const api = options.service ? null : new LocalApi(host, options.renderer)
    if (api) await api.apply()
    else host.localApi = { state: () => ({ kind: 'served', origin: served.origin }), apply: async () => {} }
    // Fonts and stroke data are read while the user looks at the page for the first time; nobody waits for it.
    void host.warmPreview()
    const invitation = new Invitation(host.studio.dataFolder)
    await invitation.keep(served)
    const close = async () => {
      await invitation.remove()
      await Promise.all([served.close(), api?.[Symbol.asyncDispose]()])
      await host[Symbol.asyncDispose]()
    }
    return { served, host, close }
  } catch (error) {
    await host[Symbol.asyncDispose]()
    throw error
  }
}
