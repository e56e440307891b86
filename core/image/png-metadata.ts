/** Metadata of the studio's pictures in three forms: our own request, AUTOMATIC1111's parameters, and XMP. */
import type { Request } from '../contract/request.ts'
import { SAMPLER_TITLES } from '../contract/vocabulary.ts'

/** What the metadata is written from. */
export interface PictureInfo {
  /** The complete request with this picture's own seed. */
  readonly request: Request
  /** As the text encoders got them; negativePrompt null is none. */
  readonly prompt: string
  readonly negativePrompt: string | null
  /** Version of the studio: "0.1.0". */
  readonly version: string
  /** The PictureRecord (core/library/record.ts). */
  readonly record?: unknown
  /** What the picture shows, for those who do not see it; only in files that leave the studio. */
  readonly alt?: string
}

/** Keyword of the chunk with the request. */
export const REQUEST_KEYWORD = 'zihua'

/** The chunk "zihua": {"version": …, "request": …, "record": …}. */
export function requestText({ request, version, record }: PictureInfo): string {
  return JSON.stringify({ version, request, record })
}

/** The chunk "parameters". Source: AUTOMATIC1111 modules/processing.py, create_infotext. */
export function parametersText({ request, prompt, negativePrompt, version }: PictureInfo): string {
  const fields: [string, string | number | null][] = [
    ['Steps', request.steps],
    ['Sampler', SAMPLER_TITLES[request.sampler]],
    ['CFG scale', request.guidanceScale],
    ['Seed', request.seed],
    ['Size', `${request.width}x${request.height}`],
    ['Model', nameOf(request.model)],
    ['VAE', request.vae && nameOf(request.vae)],
    ['Denoising strength', request.initImage === null ? null : request.strength],
    ['Clip skip', request.clipSkip],
    ['Version', `Zihua Studio ${version}`],
  ]
  const line = fields.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${quoted(value)}`])).join(', ')
  return [prompt, ...(negativePrompt ? [`Negative prompt: ${negativePrompt}`] : []), line].join('\n')
}

/** A value with a comma, a colon or a line break is written as JSON, as the web UI reads it. */
function quoted(value: string | number): string {
  const text = String(value)
  return /[,:\n]/.test(text) ? JSON.stringify(text) : text
}

/** The last part of a path, without the ending of a weights file. */
function nameOf(path: string): string {
  return (path.split(/[\\/]/).filter(Boolean).at(-1) ?? path).replace(/\.safetensors$/, '')
}

/** IPTC's term for a picture made by a trained model. Source: IPTC Photo Metadata 2023.2, Digital Source Type. */
const DIGITAL_SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'

/** Keyword of an XMP packet in PNG. Source: XMP specification part 3, section 1.1.5. */
export const XMP_KEYWORD = 'XML:com.adobe.xmp'

/** An XMP packet: that a model made the picture, with what, and what it shows. */
export function xmpPacket({ prompt, version, alt }: Pick<PictureInfo, 'prompt' | 'version' | 'alt'>): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>${escapeXml(`Zihua Studio ${version}`)}</xmp:CreatorTool>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(prompt)}</rdf:li></rdf:Alt></dc:description>${alt ? altElement(alt) : ''}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`
}

/** Source: IPTC Photo Metadata 2023.2, Alt Text (Accessibility). */
const altElement = (alt: string): string => `
   <Iptc4xmpCore:AltTextAccessibility xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(alt)}</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>`

/** A packet that says what a picture shows, and nothing of how it was made. */
export const altPacket = (alt: string): string => `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="">${altElement(alt)}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`

function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: characters that XML 1.0 does not allow at all
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  )
}
