import { mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import { fault, reasonOf } from '../faults/fault.ts'
import { cannotWrite } from '../files/durable.ts'

/** Who names such a file wants a picture of that kind; any other name, "v1.5" too, is a folder's. */
const PICTURE_ENDING = /^\.(png|jpe?g|jfif|webp|avif|hei[cf]|tiff?|gif|bmp|svg|psd|pdf|jxl)$/

/** Checks before anything heavy starts that a picture could be written there. Throws StudioError('cannot-write'). */
export async function checkOut(out: string): Promise<void> {
  const target = resolve(out)
  const ending = extname(target).toLowerCase()
  if (PICTURE_ENDING.test(ending) && ending !== '.png' && !(await isFolder(target))) {
    throw fault('outIsNoPng', { out, ending })
  }
  if (ending === '.png') await checkFile(out)
  else await checkFolder(out)
}

/** The same for a folder, which may be new. @throws StudioError 'cannot-write' */
export const checkFolder = (folder: string): Promise<void> => tryFolder(resolve(folder), folder)

/** The same for any other file. @throws StudioError 'cannot-write' */
export async function checkFile(file: string): Promise<void> {
  const target = resolve(file)
  if (await isFolder(target)) throw fault('outIsFolder', { out: file })
  await tryFolder(dirname(target), file)
}

/**
 * Makes a folder and takes it away again in the nearest one that exists: rights do not say that a disk is read-only, or that
 * /proc takes no folders.
 */
async function tryFolder(wanted: string, named: string): Promise<void> {
  let folder = wanted
  while (!(await exists(folder)) && folder !== dirname(folder)) folder = dirname(folder)
  if (!(await isFolder(folder))) throw fault('outIsNoFolder', { folder })
  try {
    await rmdir(await mkdtemp(join(folder, '.zihua-')))
  } catch (cause) {
    // Without the name of the trial.
    const reason = reasonOf(cause).replace(/, mkdtemp .*/s, '')
    throw cannotWrite(
      named,
      Object.assign(new Error(reason, { cause }), { code: (cause as NodeJS.ErrnoException).code }),
    )
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
export const isFolder = (path: string) =>
  stat(path).then(
    info => info.isDirectory(),
    () => false,
  )
