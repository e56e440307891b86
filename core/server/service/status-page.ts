/**
 * The page /status: what GET /api/writing/status and /health/detailed say, drawn without anything from elsewhere. Its words are the
 * studio's own: the script is built from renderer/status-page.
 */
import { join } from 'node:path'
import { LANGUAGES, type Language } from '../../contract/vocabulary.ts'

/** In the built renderer. */
export const STATUS_SCRIPT = 'status-page.js'
export const statusScript = (renderer: string): string => join(renderer, STATUS_SCRIPT)

/**
 * The language that a reader wants most of those that the studio speaks.
 * Source: RFC 9110, 12.5.4; of a range such as "zh-Hant-TW" its first part counts.
 * @param asked ?lang= of the address, which goes before the header
 */
export function languageOf(asked: string | null, accepted: string | undefined): Language {
  const ranges = (accepted ?? '').split(',').map(range => {
    const [tag, ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
    const quality = Number(/^q=([\d.]+)$/.exec(parameters.find(part => part.startsWith('q=')) ?? 'q=1')?.[1] ?? 0)
    return { tag, quality }
  })
  const wished = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)
  const tags = [asked?.toLowerCase() ?? '', ...wished.map(({ tag }) => tag)]
  const known = tags.map(tag => LANGUAGES.find(language => language === tag.split('-')[0]))
  return known.find(language => language !== undefined) ?? 'en'
}

export const statusPage = (language: Language): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>Zihua Studio</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
  .ready::before { content: "● "; color: light-dark(#18794e, #4cc38a) }
  .problem::before { content: "● "; color: light-dark(#cd2b31, #ff9592) }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem }
  dd { margin: 0 }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: start; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); font-variant-numeric: tabular-nums }
  svg { width: 100%; height: 6rem }
  polyline { fill: none; stroke: currentColor; stroke-width: 1.5; vector-effect: non-scaling-stroke }
</style></head>
<body><h1>Zihua Studio</h1><main></main>
<script type="module" src="/status/page.js"></script></body></html>`
