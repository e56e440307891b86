/** SwiftShader: the software Vulkan device that lies beside Chromium, on which WebGPU computes for real where there is no card. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Folders in which systems keep Chromium's files. */
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']
const folder = FOLDERS.find(each => existsSync(join(each, 'vk_swiftshader_icd.json')))

/** What a child's environment needs for it; null where there is none. Chromium brings the Vulkan loader too. */
export const swiftShader =
  folder && process.platform === 'linux' && process.arch === 'x64'
    ? { VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: folder }
    : null
