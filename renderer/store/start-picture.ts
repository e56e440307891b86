/** The picture that the next one starts from, and pictures that go from place to place by hand. */
import type { DragEvent } from 'react'
import type { Picture } from '../../core/host/api.ts'
import { api } from '../api.ts'
import { sidesOf } from '../compose/sides.ts'
import { desktop } from '../desktop.ts'
import { messages } from '../i18n/index.ts'
import { useCompose } from './compose.ts'
import { useFacts } from './facts.ts'
import { useLibrary } from './library.ts'
import { tell } from './notices.ts'

/** How far the result may leave its start where nothing is said; core/generate/complete-request.ts. */
export const STANDARD_STRENGTH = 0.6

/** A name for the file of a picture. */
export const fileNameOf = ({ word, style, seed }: Picture): string =>
  `${[word, style, seed]
    .filter(part => part !== null && part !== '')
    .join('-')
    .replace(/[\\/:*?"<>|\s]+/g, '_')}.png`

/** A picture of the host's as a file, to be given back to it. */
async function fileOf(picture: Picture): Promise<File> {
  const name = fileNameOf(picture)
  const answer = await fetch(picture.url)
  if (!answer.ok) throw new Error(messages().unread(name))
  return new File([await answer.blob()], name, { type: 'image/png' })
}

/** The start takes its shape along, since a start of another shape would be stretched. */
export async function startFromFile(file: File): Promise<void> {
  try {
    const { path, url } = await api.maps.upload({ name: file.name, data: file })
    const image = new Image()
    image.src = url
    await image.decode()
    const { present, patch } = useCompose.getState()
    const { width = 512, height = 512 } = { ...useFacts.getState().complete, ...present.request }
    patch({ initImage: path, ...sidesOf(image.naturalWidth / image.naturalHeight, width * height) })
  } catch (error) {
    tell(error)
  }
}

export async function startFromPicture(picture: Picture): Promise<void> {
  try {
    await startFromFile(await fileOf(picture))
  } catch (error) {
    tell(error)
  }
}

/** Four more: with the same settings and the seeds that follow, or from the picture itself. */
export async function vary(picture: Picture, how: 'seeds' | 'close'): Promise<void> {
  const request = { ...picture.request, seed: picture.seed + 1, count: 4 }
  try {
    if (how === 'seeds') await api.queue.add({ request })
    else {
      const data = await fileOf(picture)
      const { path } = await api.maps.upload({ name: data.name, data })
      await api.queue.add({ request: { ...request, initImage: path, strength: 0.5, latents: null, noise: null } })
    }
  } catch (error) {
    tell(error)
  }
}

/** As many as the desktop takes at once; electron/desktop/asked.ts. */
const MOST_DRAGGED = 200
const DRAGGED = 'application/x-zihua-picture'

/** The desktop drags files, which fields here and other programs take alike; a selected picture takes the others along. */
function dragFiles(event: DragEvent, id: string): void {
  event.preventDefault()
  const { selected } = useLibrary.getState()
  desktop?.startDrag(selected.includes(id) ? selected.slice(0, MOST_DRAGGED) : [id]).catch(tell)
}

/** Makes an element give its picture away: to a field here, or as a file to another program. */
export const giving = (picture: Picture) => ({
  draggable: true,
  onDragStart(event: DragEvent) {
    if (desktop) return dragFiles(event, picture.id)
    const { dataTransfer } = event
    dataTransfer.effectAllowed = 'copy'
    dataTransfer.setData(DRAGGED, picture.id)
    const url = new URL(picture.url, window.location.href).href
    dataTransfer.setData('DownloadURL', `image/png:${fileNameOf(picture)}:${url}`)
    dataTransfer.setData('text/uri-list', url)
  },
})

/** Makes an element take a picture that is let go over it: a file, or one of the library's. */
export const taking = (take: (file: File) => void) => ({
  onDragOver(event: DragEvent) {
    const { types } = event.dataTransfer
    if (types.includes('Files') || types.includes(DRAGGED)) event.preventDefault()
  },
  onDrop(event: DragEvent) {
    const picture = useLibrary.getState().pictures[event.dataTransfer.getData(DRAGGED)]
    const file = event.dataTransfer.files[0]
    if (!picture && !file) return
    event.preventDefault()
    if (picture) fileOf(picture).then(take, tell)
    else if (file) take(file)
  },
})
