/** Texts that lie under the name of a list and hold none: each of their lines would become a word. */
import { fault, phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { isLfsPointer, textStart } from '../files/text-start.ts'

/** What is looked at: none of these hides behind more. */
const SNIFFED = 4096

/** @throws StudioError 'bad-request' that says what the file is: a web page, JSON, a Git LFS pointer, a PDF or RTF document */
export function refuseNoList(bytes: Uint8Array, file: string): void {
  const start = textStart(bytes.subarray(0, SNIFFED))
  const kind = kindOf(start) ?? (isJson(bytes, start) ? phrase('aJsonText') : null)
  if (kind) throw fault('listIsOther', { file, kind })
}

function kindOf(start: string): Phrase | null {
  if (start.startsWith('%PDF-')) return phrase('aPdf')
  if (start.startsWith('{\\rtf')) return phrase('anRtf')
  if (/^<(?:(?:!doctype|html|head|body)\b|\?xml)/i.test(start)) return phrase('anHtmlPage')
  return isLfsPointer(start) ? phrase('anLfsPointer') : null
}

/** All of it, or each line by itself. A list may begin with a bracket: only what parses counts. */
function isJson(bytes: Uint8Array, start: string): boolean {
  if (!/^(?:\{\s*["}]|\[\s*[[{"\]])/.test(start)) return false
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
  return [text, text.trimStart().split('\n', 1)[0]].some(each => {
    try {
      return typeof JSON.parse(each) === 'object'
    } catch {
      return false
    }
  })
}
