/** The start picture of image to image, variations, and drag and drop of pictures. */
import type { DragEvent } from 'react'
import { largerRequest, type UpscaleMethod } from '../../core/contract/larger.ts'
import type { RequestInput } from '../../core/contract/request.ts'
import type { Picture } from '../../core/host/api/library.ts'
import { api } from '../api.ts'
import { sidesOf } from '../compose/sides.ts'
import { desktop } from '../desktop.ts'
import { messages } from '../i18n/index.ts'
import { useCompose } from './compose.ts'
import { useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { useLibrary } from './library.ts'
import { notifyError } from './notices.ts'
import { useStage } from './stage.ts'

/** The strength of a request that gives none; the same as in core/generate/complete-request.ts. */
export const STANDARD_STRENGTH = 0.6

/** A file name for a picture. */
export const fileNameOf = ({ word, style, seed }: Picture): string =>
  `${[word, style, seed]
    .filter(part => part !== null && part !== '')
    .join('-')
    .replace(/[\\/:*?"<>|\s]+/g, '_')}.png`

/** Downloads a picture of the library as a file, to be uploaded again. */
export async function fileOf(picture: Picture): Promise<File> {
  const name = fileNameOf(picture)
  const answer = await fetch(picture.url)
  if (!answer.ok) throw new Error(messages().unread(name))
  return new File([await answer.blob()], name, { type: 'image/png' })
}

/** Uploads a start picture and takes over its aspect ratio: one of another ratio would be stretched. */
export async function startFromFile(file: File): Promise<void> {
  const asked = useCompose.getState().present.request
  try {
    await uploading(async signal => {
      const { path, url } = await api.maps.upload({ name: file.name, data: file, use: 'picture' }, { signal })
      const image = new Image()
      image.src = url
      await image.decode()
      if (signal.aborted) return
      const { width = 512, height = 512 } = { ...useFacts.getState().complete, ...asked }
      const sides = sidesOf(image.naturalWidth / image.naturalHeight, width * height)
      useCompose.getState().patchUntouched(asked, { initImage: path, ...sides })
    })
  } catch (error) {
    notifyError(error)
  }
}

const uploading = latest()

export async function startFromPicture(picture: Picture): Promise<void> {
  try {
    await startFromFile(await fileOf(picture))
  } catch (error) {
    notifyError(error)
  }
}

/** Queues a request whose pictures the stage then shows, whichever picture was there. */
async function addShown(request: RequestInput): Promise<void> {
  useStage.setState({ follows: true })
  await api.queue.add({ request })
}

/** Queues four variations: with the same settings and the following seeds, or with the picture as the start picture. */
export async function vary(picture: Picture, how: 'seeds' | 'close'): Promise<void> {
  const request = { ...picture.request, seed: picture.seed + 1, count: 4 }
  try {
    if (how === 'seeds') await addShown(request)
    else {
      const data = await fileOf(picture)
      const { path } = await api.maps.upload({ name: data.name, data, use: 'picture' })
      await addShown({ ...request, initImage: path, strength: 0.5, latents: null, noise: null })
    }
  } catch (error) {
    notifyError(error)
  }
}

/** Queues a larger version of a picture, with its prompts as they were built. */
export async function enlarge(picture: Picture, side: number, method: UpscaleMethod): Promise<void> {
  try {
    const data = await fileOf(picture)
    const { path } = await api.maps.upload({ name: data.name, data, use: 'picture' })
    const { prompt, negativePrompt, id } = picture
    const request = largerRequest({ ...picture.request, prompt, negativePrompt }, path, { side, method })
    await addShown({ ...request, parent: id })
  } catch (error) {
    notifyError(error)
  }
}

/** The most files of one drag on the desktop; electron/desktop/call-arguments.ts. */
const MOST_DRAGGED = 200
const DRAGGED = 'application/x-zihua-picture'

/** On the desktop real files are dragged, for fields here and other programs; a selected picture takes the whole selection along. */
function dragFiles(event: DragEvent, id: string): void {
  event.preventDefault()
  const { selected } = useLibrary.getState()
  desktop?.startDrag(selected.includes(id) ? selected.slice(0, MOST_DRAGGED) : [id]).catch(notifyError)
}

/** Props that make an element a drag source of its picture, for fields here and for other programs. */
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

/** Props that make an element a drop target for a file or a picture of the library. */
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
    if (picture) fileOf(picture).then(take, notifyError)
    else if (file) take(file)
  },
})
