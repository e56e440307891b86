import type { ProfileName } from '../../contract/vocabulary.ts'
import type { Studio } from '../../generate/studio.ts'
import type { Provider } from '../../graph/op-profiles.ts'
import { SettingsFile } from '../../host/settings.ts'

interface Said {
  provider?: Provider | undefined
  profile?: ProfileName | undefined
}

/** What computes, and how memory is used and given back: as said on the command line, else as the studio's settings have it. */
export async function followMachineSettings(studio: Studio, { provider, profile }: Said = {}): Promise<void> {
  const settings = (await SettingsFile.open(studio.dataFolder)).get()
  studio.machine.wishes = { provider: provider ?? settings.provider, profile: profile ?? settings.profile }
  studio.inference.idleMs = settings.idleMinutes * 60_000
}
