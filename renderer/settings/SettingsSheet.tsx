import { Activity, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { THEMES } from '../../core/contract/vocabulary.ts'
import { desktop } from '../desktop.ts'
import { LANGUAGES, type Language, useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'
import { notifyError } from '../store/notices.ts'
import { setNotifications, wantsNotifications } from '../store/outside.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Choice } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { LocalApi } from './LocalApi.tsx'
import { MachineFields } from './MachineFields.tsx'
import { Models } from './Models.tsx'
import { Shortcuts } from './Shortcuts.tsx'

export function SettingsSheet() {
  const t = useMessages()
  const { settings, change } = useSettings()
  const info = useFacts(state => state.info)
  return (
    <Sheet title={t.settings} place="side" onClose={() => useScreen.getState().open(null)}>
      <div className="settings">
        <div className="row">
          <span className="row-label">{t.language}</span>
          <Choice
            label={t.language}
            value={settings.language}
            onChange={language => change({ language })}
            options={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value: value as Language, label: name }))}
          />
        </div>
        <div className="row">
          <span className="row-label">{t.theme}</span>
          <Choice
            label={t.theme}
            value={settings.theme}
            onChange={theme => change({ theme })}
            options={THEMES.map(value => ({ value, label: t.themes[value] }))}
          />
        </div>
        {!desktop && 'Notification' in window && <Notifications />}
        <Models />
        <MachineFields />
        <LocalApi />
        <Shortcuts />
        <button type="button" className="plain" onClick={() => useScreen.getState().open('status')}>
          <Activity size={16} strokeWidth={1.75} aria-hidden />
          {t.status.title}
        </button>
        {info && (
          <dl className="about">
            <dt>{t.dataFolder}</dt>
            <dd>
              {info.dataFolder}
              <DataFolder path={info.dataFolder} />
            </dd>
            <dt>{t.version}</dt>
            <dd>{info.version}</dd>
          </dl>
        )}
      </div>
    </Sheet>
  )
}

/** Opens the data folder in the file manager; in a browser, which cannot, copies its path. */
function DataFolder({ path }: { path: string }) {
  const t = useMessages()
  if (desktop) {
    const { showDataFolder } = desktop
    return (
      <button type="button" className="plain" onClick={() => showDataFolder().catch(notifyError)}>
        <FolderOpen size={16} strokeWidth={1.75} aria-hidden />
        {t.openFolder}
      </button>
    )
  }
  return <CopyButton text={path} label={t.copyPath} />
}

/** The browser asks for permission only when this switch is used. */
function Notifications() {
  const t = useMessages()
  const [on, setOn] = useState(wantsNotifications)
  const [denied, setDenied] = useState(false)
  const change = async (wanted: boolean) => {
    const granted = await setNotifications(wanted)
    setOn(granted)
    setDenied(wanted && !granted)
  }
  return (
    <div className="row">
      <label className="check">
        <input type="checkbox" checked={on} onChange={event => void change(event.target.checked)} />
        {t.notifications}
      </label>
      {denied && (
        <p className="hint" role="status">
          {t.notificationsDenied}
        </p>
      )}
    </div>
  )
}
