/** Cards as the Linux kernel lists them below /sys/class/drm: AMD's and Intel's with what their drivers tell, others by name. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { GpuStatus, GpuVendor } from './types.ts'

const FOLDER = '/sys/class/drm'
/** PCI vendors. */
const VENDORS: Readonly<Record<string, GpuVendor>> = { '0x1002': 'amd', '0x10de': 'nvidia', '0x8086': 'intel' }
const NAMES: Readonly<Record<GpuVendor, string>> = { amd: 'AMD', nvidia: 'NVIDIA', intel: 'Intel', apple: 'Apple' }

/** @param folder where the kernel lists cards; another one in tests */
export async function askSysfs(folder = FOLDER): Promise<GpuStatus[]> {
  const names = await readdir(folder).catch(() => [])
  const cards = names.filter(name => /^card\d+$/.test(name)).toSorted((a, b) => number(a) - number(b))
  const found = await Promise.all(cards.map(card => gpuAt(join(folder, card))))
  return found.filter(gpu => gpu !== null)
}

const number = (card: string) => Number(card.slice('card'.length))

async function gpuAt(card: string): Promise<GpuStatus | null> {
  const device = join(card, 'device')
  const text = async (...path: string[]) => (await readFile(join(...path), 'utf8').catch(() => '')).trim() || null
  const value = async (...path: string[]) => {
    const found = await text(...path)
    return found !== null && /^\d+$/.test(found) ? Number(found) : null
  }
  const vendor = VENDORS[(await text(device, 'vendor')) ?? '']
  if (!vendor) return null
  const [total, used, busy] = await Promise.all([
    // amdgpu, and Intel's cards with memory of their own.
    value(device, 'mem_info_vram_total').then(async known => known ?? value(card, 'lmem_total_bytes')),
    value(device, 'mem_info_vram_used'),
    value(device, 'gpu_busy_percent'),
  ])
  const sensors = await sensorsOf(device)
  const temperature = sensors === null ? null : await value(sensors, 'temp1_input')
  const power =
    sensors === null ? null : ((await value(sensors, 'power1_average')) ?? (await value(sensors, 'power1_input')))
  const id = (await text(device, 'device')) ?? ''
  const product = await text(device, 'product_name')
  const driver = await readlink(join(device, 'driver')).then(basename, () => null)
  return {
    name: `${NAMES[vendor]} ${product ?? `GPU ${id}`}`.trim(),
    vendor,
    // The kernel's module; its version is the kernel's own.
    driver: (await text('/sys/module', driver ?? '-', 'version')) ?? driver,
    memory: { total, used, free: total !== null && used !== null ? total - used : null },
    unified: total === null && vendor === 'intel',
    utilisation: busy === null ? null : busy / 100,
    temperature: temperature === null ? null : temperature / 1000,
    power: power === null ? null : power / 1e6,
    mig: null,
    source: 'sysfs',
  }
}

async function sensorsOf(device: string): Promise<string | null> {
  const [first] = await readdir(join(device, 'hwmon')).catch(() => [])
  return first === undefined ? null : join(device, 'hwmon', first)
}
