import { afterEach, describe, expect, it, vi } from 'vitest'
import { Http } from './http.ts'
import { startBadServer } from './testing.ts'
import { startProxy } from './testing-proxy.ts'

afterEach(() => vi.unstubAllEnvs())

const signal = new AbortController().signal
async function read(http: Http, url: string) {
  const answer = await http.get(url, {}, signal)
  return { ...answer, text: await answer.body.text() }
}

describe('proxies', () => {
  it('are used as the environment says, and not for what NO_PROXY names', async () => {
    await using server = await startBadServer(Buffer.from('bytes'))
    await using proxy = await startProxy()
    for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, proxy.url)
    for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '')
    await using through = new Http()
    expect((await read(through, server.url)).text).toBe('bytes')
    expect(proxy.asked.length).toBe(1)
    expect(proxy.asked[0]).toContain(new URL(server.url).host)
    for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '127.0.0.1')
    await using around = new Http()
    expect((await read(around, server.url)).text).toBe('bytes')
    expect(proxy.asked.length).toBe(1)
  })

  it('that are no address are named', () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, 'not an address')
    expect(() => new Http()).toThrow(expect.objectContaining({ key: 'proxyWrong' }))
  })
})

describe('a mirror', () => {
  it('stands for the hub, from the settings or HF_ENDPOINT', async () => {
    await using server = await startBadServer(Buffer.from('bytes'))
    const { origin } = new URL(server.url)
    vi.stubEnv('HF_ENDPOINT', `${origin}/`)
    await using http = new Http()
    expect(http.resolve('https://huggingface.co/a/b')).toBe(`${origin}/a/b`)
    expect(http.resolve('https://elsewhere.example/a')).toBe('https://elsewhere.example/a')
    expect((await read(http, 'https://huggingface.co/a/b')).text).toBe('bytes')
    expect(server.requests[0].path).toBe('/a/b')
    vi.stubEnv('HF_ENDPOINT', 'somewhere')
    expect(() => new Http()).toThrow(expect.objectContaining({ key: 'mirrorWrong' }))
    expect(() => new Http({ mirror: 'ftp://x' })).toThrow(expect.objectContaining({ key: 'mirrorWrong' }))
  })
})

describe('a token', () => {
  it('goes to the hub or its mirror, to nobody else, and never unencrypted over a network', async () => {
    await using server = await startBadServer(Buffer.from('bytes'))
    const { origin } = new URL(server.url)
    await using http = new Http({ mirror: origin, token: 'hf_secret' })
    await read(http, 'https://huggingface.co/a')
    await using other = await startBadServer(Buffer.from('bytes'))
    await read(http, other.url)
    expect(server.requests[0].authorization).toBe('Bearer hf_secret')
    expect(other.requests[0].authorization).toBeUndefined()
  })
})
