/**
 * What lies under the name of weights and is something else, told from its first bytes. Nothing of it is ever run.
 *
 * GGUF is refused: what is published for SDXL under it (city96's layout) is the UNet alone, without the text encoders and the
 * VAE that a model needs here, and ONNX Runtime computes with none of its blocks: Q8_0 or Q4_K would be widened to fp16 first
 * and take the room and the memory of the fp16 file, with its 4 bits' error. The refusal says which files to take.
 */
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase, StudioError } from '../faults/studio-error.ts'
import { isLfsPointer, textStart } from '../files/text-start.ts'

/** How many bytes tellNotWeights() looks at. */
export const SNIFFED_BYTES = 512

/** How gzip, 7-Zip, RAR, xz, Zstandard and bzip2 begin. */
const ARCHIVES = ['\u001f\u008b', '7z\u00bc\u00af', 'Rar!', '\u00fd7zXZ', '(\u00b5/\u00fd', 'BZh']
/** Where a tar archive says that it is one, bytes. */
const TAR_MARK = 257

/**
 * The error that names a file by its first bytes, or null where they may begin a safetensors file: those are a length of
 * eight bytes and a JSON object.
 */
export function tellNotWeights(file: string, start: Buffer): StudioError | null {
  if (start[8] === 0x7b && start[7] === 0) return null
  const found = sniff(start)
  return found && fault('notWeights', { file, kind: found.kind, todo: found.todo })
}

function sniff(start: Buffer): { kind: Phrase; todo: Phrase } | null {
  const text = textStart(start)
  const instead = phrase('downloadInstead')
  if (isLfsPointer(text)) return { kind: phrase('anLfsPointer'), todo: phrase('lfsPull') }
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(text)) return { kind: phrase('anHtmlPage'), todo: instead }
  if (text.startsWith('GGUF')) return { kind: phrase('aGguf'), todo: phrase('takeUnquantised') }
  // torch.save writes a ZIP archive with a pickle in it; before 1.6 a bare pickle (opcode PROTO, version 2 to 5).
  if (text.startsWith('PK\u0003\u0004') || (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5))
    return { kind: phrase('aPickle'), todo: phrase('takeSafetensors') }
  if (ARCHIVES.some(mark => text.startsWith(mark)) || text.startsWith('ustar', TAR_MARK))
    return { kind: phrase('anArchive'), todo: phrase('unpackIt') }
  if (text.startsWith('\u0089HDF')) return { kind: phrase('anHdf5File'), todo: phrase('takeSafetensors') }
  // A message whose first field is the version of the format, and whose second names the program that wrote it.
  if (start[0] === 0x08 && start[1] <= 0x20 && start[2] === 0x12)
    return { kind: phrase('anOnnxModel'), todo: phrase('takeSafetensors') }
  if (/^(\u0089PNG|\u00ff\u00d8\u00ff|RIFF....WEBP|GIF8)/.test(text)) return { kind: phrase('aPicture'), todo: instead }
  if (/^[{[]\s*["{\]}]/.test(text)) return { kind: phrase('aJsonText'), todo: instead }
  // A safetensors file begins with a length, which has zeros. "Entry not found" is all that a hub says.
  const isText = start.every(byte => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
  if (start.length > 0 && isText) return { kind: phrase('aText'), todo: phrase('takeSafetensors') }
  if (start.length >= 16 && start.every(byte => byte === 0)) return { kind: phrase('onlyZeros'), todo: instead }
  return null
}
