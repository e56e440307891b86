/** Wrong usage is one line and exit code 2; --help is a command's own lines; what cannot be told is one line too. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { VERSION } from '../files/version.ts'

const scratch = mkdtempSync(join(tmpdir(), 'zihua-usage-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function zihua(args: readonly string[], stdout: 'pipe' | number = 'pipe', data = join(scratch, 'data')) {
  const {
    status,
    stdout: out,
    stderr,
  } = spawnSync(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], {
    ...{ env: { ...process.env, ZIHUA_DATA: data }, cwd: scratch, encoding: 'utf8', timeout: 60_000 },
    stdio: ['ignore', stdout, 'pipe'],
  })
  return { code: status, out, err: stderr }
}

it.each<[string, RegExp]>([
  ['generate 学 --out x.png --steps -1', /--steps takes a value, .+ --steps=-1\. /],
  ['generate 学 --out x.png --few-steps lightning:8:9', /PRESET:STEPS.+lightning:8:9/],
  ['generate 学 --out x.png --weights canny=1,canny=0', /--weights names canny twice/],
  ['generate 学 --out x.png --palette=', /--palette takes/],
  ['generate 学 --out x.png --motif dragon,', /--motif takes.+"dragon,"/],
  ['generate 学 --out x.png --trace x.png', /--trace takes a \.safetensors file/],
  ['generate --request r.json --out x --seed 3 --style comic', /--seed, --style cannot be said beside --request/],
  ['generate --replay x.png --out x --size 64x64', /--size cannot be said beside --replay/],
  ['diagnostics --out x.png', /--out takes a \.zip file/],
  ['upscale x.png --out y.png --side 8192', /--side takes a whole number of pixels up to 4096/],
  ['upscale x.png --out y.png --side 100.5', /whole number/],
  ['repaint', /name the picture/],
  ['lookup', /say which words/],
  ['glossary', /say list, set WORD MEANING/],
  ['library', /say list \[TEXT\] or rebuild/],
  ['models', /say list, add PATH/],
  ['models widened x', /say list, add PATH/],
  ['serve --allow-host http://x', /--allow-host takes a name.+"http:\/\/x"/],
  ['serve --allow-host=', /--allow-host takes a name/],
])('%s', (line, about) => {
  const { code, out, err } = zihua(line.split(' '))
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(about)
  expect(err.split('\n')).toHaveLength(2)
})

it('what may stand beside --request still does; a picture is not made smaller; seeds do not pass the largest', () => {
  const request = { word: '学', width: 64, height: 64, steps: 1 }
  writeFileSync(join(scratch, 'r.json'), JSON.stringify(request))
  const more = '--trace t.safetensors --no-library --profile cpu --provider cpu --force --json'.split(' ')
  expect(zihua(['generate', '--request', 'r.json', '--out', 'r.png', ...more])).toMatchObject({ code: 0, err: '' })
  expect(existsSync(join(scratch, 't.safetensors'))).toBe(true)
  expect(zihua(['upscale', 'r.png', '--side', '64', '--method', 'lanczos', '--out', 'y.png'])).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('has 64 pixels already') },
  })
  writeFileSync(join(scratch, 'r.json'), JSON.stringify({ ...request, seed: Number.MAX_SAFE_INTEGER, count: 2 }))
  expect(zihua(['generate', '--request', 'r.json', '--out', 'many'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^zihua: The request: "seed": .+ above 9007199254740991\. .+\n$/),
  })
  expect(existsSync(join(scratch, 'many'))).toBe(false)
}, 120_000)

it.each([[['generate', '学', '--help']], [['help', 'generate']]])('%s prints the lines of a command alone', args => {
  const { code, out, err } = zihua(args)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^ {2}zihua generate WORD .+--motif-form.+--replay picture\.png --out FILE\|DIR\n$/s)
  expect(zihua(['worker', '-h']).out.split('\n')).toHaveLength(3)
})

it('says its version', () => {
  expect(zihua(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
})

it.each([
  ['maps', '学'],
  ['export', 'list.txt'],
])('%s says that a file is no folder, and leaves nothing behind', (command, of) => {
  writeFileSync(join(scratch, 'list.txt'), '学\n')
  writeFileSync(join(scratch, 'file'), '')
  const before = readdirSync(scratch)
  const { code, err } = zihua([command, of, '--out', 'file'])
  expect([code, err]).toEqual([1, expect.stringMatching(/file is not a folder\. [^\n]+\n$/)])
  expect(readdirSync(scratch).filter(name => name !== 'data')).toEqual(before.filter(name => name !== 'data'))
})

it('a service that cannot listen warns of nobody who could reach it', () => {
  const { code, err } = zihua(['serve', '--host', '0.0.0.1', '--port', '0'])
  expect([code, err]).toEqual([1, expect.stringMatching(/^zihua: The studio cannot listen on [^\n]+\n$/m)])
  expect(err).not.toContain('every machine')
})

it.skipIf(!existsSync('/dev/full'))('a standard output without room is one line', () => {
  const { code, err } = zihua(['models', 'list'], openSync('/dev/full', 'w'))
  expect([code, err]).toEqual([1, expect.stringMatching(/^zihua: What was done could not be told .+ENOSPC.+\. .+\n$/)])
})

it.skipIf(process.platform !== 'linux')('a data folder that cannot be made is one line', () => {
  const { code, err } = zihua(['library', 'list'], 'pipe', '/proc/x')
  expect([code, err]).toEqual([1, expect.stringMatching(/^zihua: \/proc\/x\/library\.db cannot be opened .+\n$/)])
})
