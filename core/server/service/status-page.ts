/** The page /status: what GET /api/writing/status and /health/detailed say, drawn without anything from elsewhere. */

export const STATUS_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zihua Studio: status</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: start; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent) }
  td.number { font-variant-numeric: tabular-nums }
  svg { width: 100%; height: 6rem }
  polyline { fill: none; stroke: currentColor; stroke-width: 1.5; vector-effect: non-scaling-stroke }
</style></head>
<body><h1>Zihua Studio</h1><p id="summary" aria-live="polite">…</p>
<h2>Models</h2><table id="models"></table>
<h2>Queue</h2><table id="queue"></table>
<h2>Times by model and size</h2><table id="durations"></table>
<h2>Last pictures</h2><table id="recent"></table>
<h2>Memory, the last hour</h2><p id="memory"></p><svg id="curve" viewBox="0 0 720 100" preserveAspectRatio="none" role="img" aria-label="Memory over the last hour"></svg>
<script src="/status/page.js"></script></body></html>`

/** Text goes in as text: a word of a picture is never markup. */
export const STATUS_SCRIPT = `
const get = path => fetch(path).then(answer => answer.json())
const seconds = ms => (ms / 1000).toFixed(ms < 10_000 ? 2 : 0) + ' s'
const bytes = value => value === null ? 'not known' : (value / 2 ** 30).toFixed(2) + ' GiB'
function table(id, head, rows) {
  const row = (cells, kind) => {
    const tr = document.createElement('tr')
    for (const cell of cells) {
      const td = document.createElement(kind)
      td.textContent = cell ?? ''
      if (typeof cell === 'number') td.className = 'number'
      tr.append(td)
    }
    return tr
  }
  document.getElementById(id).replaceChildren(row(head, 'th'), ...rows.map(cells => row(cells, 'td')))
}
function curve(samples) {
  const total = samples.map(({ host, inference }) => host + (inference ?? 0))
  const most = Math.max(1, ...total)
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline')
  line.setAttribute('points', total.map((value, i) => (720 - samples.length + i) + ',' + (100 - 98 * value / most)).join(' '))
  document.getElementById('curve').replaceChildren(line)
}
async function show() {
  try {
    const [status, health] = await Promise.all([get('/api/writing/status'), get('/health/detailed')])
    const { ai_status } = health.service_status
    document.getElementById('summary').textContent = (ai_status.ready ? 'Ready' : ai_status.reason) + ' · version ' + status.version
      + ' · ' + health.gpu_status.provider + ' · ' + status.statistics.generations + ' made, ' + status.statistics.failures + ' failed'
      + (health.disk ? ' · ' + bytes(health.disk.free_bytes) + ' of disk free' : '')
    table('models', ['Model', 'Name', 'Files', 'In memory'], status.models.map(m => [m.id + (m.default ? ' (default)' : ''), m.name, m.present ? 'there' : 'missing', m.in_memory ? 'yes' : 'no']))
    table('queue', ['Waiting', 'Running', 'Limit', 'Paused'], [[status.queue.waiting, status.queue.running, status.queue.limit, status.queue.paused ? 'yes' : 'no']])
    table('durations', ['Model', 'Size', 'Pictures', 'Mean', '95 % within'], status.statistics.durations.map(d => [d.model, d.size, d.count, seconds(d.meanMs), seconds(d.p95Ms)]))
    table('recent', ['Word', 'Style', 'Legibility', 'Stages'], status.recent.map(p => [p.word, p.style, p.legibility === null ? '' : p.legibility.toFixed(2), Object.entries(p.timings).map(([stage, ms]) => stage + ' ' + seconds(ms)).join(', ')]))
    document.getElementById('memory').textContent = 'Studio ' + bytes(ai_status.memory.host) + ', inference ' + bytes(ai_status.memory.inference)
    curve(status.memory_curve)
  } catch (error) {
    document.getElementById('summary').textContent = 'The studio does not answer: ' + error.message
  }
}
show()
setInterval(show, 5000)
`
