/**
 * What `npm run dist` packs, as electron-builder takes it. Two halves: app.asar holds Electron's own two scripts and is
 * checked before it runs (fuses below); beside it, as ordinary files, lies everything that the studio's host needs.
 *
 * The host runs on the very Node that it is tested with, which is packed too, and not on Electron's: native modules,
 * type stripping and node:sqlite stay what the tests saw, and Electron's own RunAsNode can be switched off. So the host's
 * half is unpacked: that Node knows no asar, and neither do ONNX Runtime, which maps weights by their path, and libvips.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { NOT_PACKED } from './not-packed.ts'

/** Each build carries ONNX Runtime for its own system and processor alone; of sharp, npm installs only one. */
const runtimeOf = (system: 'darwin' | 'linux' | 'win32'): string[] => [
  // If the list began with an exclusion, electron-builder would include all other files of the folder.
  'package.json',
  ...['darwin', 'linux', 'win32']
    .filter(other => other !== system)
    .map(other => `!node_modules/onnxruntime-node/bin/napi-v6/${other}/**`),
  `!node_modules/onnxruntime-node/bin/napi-v6/${system}/!(\${arch})/**`,
]

/** The folders of the repository that the host reads. */
const HOST = ['core', 'electron', 'models/draft', 'models/manifests', 'models/licences', 'out/renderer', 'out/data']

/** Takes the symbols out of the packed Node, 18 MB, where the system has a program for that. */
function stripNode({ electronPlatformName, appOutDir }: { electronPlatformName: string; appOutDir: string }): void {
  if (electronPlatformName !== 'linux') return
  const { error } = spawnSync('strip', [join(appOutDir, 'resources/node/node')])
  if (error) console.error('The packed Node keeps its symbols: there is no program "strip" (binutils).')
}

/** The publisher, which Debian's format requires; without one no Debian package is made. */
export const publisher = {
  homepage: process.env['ZIHUA_HOMEPAGE'],
  /** "Name <address>" */
  maintainer: process.env['ZIHUA_MAINTAINER'],
}
export const canMakeDeb = Boolean(publisher.homepage && publisher.maintainer)

export const configuration: Configuration = {
  appId: 'studio.zihua.desktop',
  productName: 'Zihua Studio',
  copyright: 'Apache-2.0',
  directories: { output: 'dist', buildResources: 'build' },
  files: [
    'package.json',
    'LICENSE',
    'THIRD-PARTY.md',
    'out/main/**',
    'out/preload/**',
    ...HOST.map(folder => `${folder}/**`),
    ...NOT_PACKED.map(pattern => `!${pattern}`),
  ],
  ...(publisher.homepage && { extraMetadata: { homepage: publisher.homepage } }),
  asar: true,
  asarUnpack: ['package.json', ...HOST.map(folder => `${folder}/**`), 'node_modules/**'],
  extraResources: [
    { from: 'node_modules/node/bin', to: 'node', filter: ['node', 'node.exe'] },
    { from: 'out/licences', to: 'licences' },
  ],
  afterPack: stripNode,
  // All native modules are Node-API and come built; none is bound to Electron.
  npmRebuild: false,
  electronLanguages: ['en', 'en-US', 'ru', 'zh_CN', 'zh-CN'],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills it in
  artifactName: 'zihua-studio-${version}-${os}-${arch}.${ext}',
  publish: null,
  linux: {
    target: canMakeDeb ? ['AppImage', 'deb'] : ['AppImage'],
    files: runtimeOf('linux'),
    icon: 'build/icons',
    category: 'Graphics',
    ...(publisher.maintainer && { maintainer: publisher.maintainer }),
    synopsis: 'A written word becomes a picture in which it can still be read',
    // So that the window, its progress and its notifications are known as this app's.
    syncDesktopName: true,
    desktop: { entry: { Keywords: 'calligraphy;typography;diffusion;字画;', StartupNotify: 'true' } },
  },
  deb: { packageCategory: 'graphics' },
  mac: {
    target: ['dmg'],
    files: runtimeOf('darwin'),
    icon: 'build/icons/icon.icns',
    category: 'public.app-category.graphics-design',
    darkModeSupport: true,
    hardenedRuntime: true,
    // The packed Node is a program of its own, and gets the same rights.
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    binaries: ['Contents/Resources/node/node'],
  },
  win: { target: ['nsis'], files: runtimeOf('win32'), icon: 'build/icons/icon.ico' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, license: 'LICENSE' },
}
