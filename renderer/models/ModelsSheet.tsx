import { useEffect } from 'react'
import { useMessages } from '../i18n/index.ts'
import { loadModels, useModels } from '../store/models.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { Sheet } from '../ui/Sheet.tsx'
import { Copies } from './Copies.tsx'
import { Download } from './Download.tsx'
import { Hub } from './Hub.tsx'
import { KnownList } from './KnownList.tsx'
import { Scan } from './Scan.tsx'

/** What is there, what can be had, and how the hub is reached. */
export function ModelsSheet() {
  const t = useMessages()
  const { list } = useModels()
  useEffect(() => {
    loadModels().catch(notifyError)
  }, [])
  const open = list?.downloads.filter(({ state }) => state !== 'there') ?? []
  const starter = open.filter(one => one.starter === 'needed')
  // What belongs to the starter set comes first.
  const others = open
    .filter(one => one.starter !== 'needed')
    .toSorted((a, b) => Number(b.starter !== null) - Number(a.starter !== null))
  return (
    <Sheet title={t.modelsScreen.title} place="wide" onClose={() => useScreen.getState().open(null)}>
      <div className="models-screen">
        {starter.map(one => (
          <Download key={one.id} download={one} isStarter />
        ))}
        <section>
          <h3>{t.modelsScreen.here}</h3>
          <KnownList />
        </section>
        {others.length > 0 && (
          <section>
            <h3>{t.modelsScreen.more}</h3>
            {others.map(one => (
              <Download key={one.id} download={one} />
            ))}
          </section>
        )}
        <section>
          <h3>{t.modelsScreen.otherPrograms}</h3>
          <Scan />
        </section>
        <Copies />
        <section>
          <h3>{t.modelsScreen.hub}</h3>
          <Hub />
        </section>
      </div>
    </Sheet>
  )
}
