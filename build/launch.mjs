// Starts a script of this repository on its own Node 24, whatever Node the machine has, installing first what is missing.
// Plain JavaScript for Node 20: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const [script, ...args] = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Zihua needs Node 20 or newer, and this is ${process.version}. Install a newer one from your system's packages.`,
  )
  process.exit(1)
}
install()
const child = spawn(node, [join(root, script), ...args], {
  // Working folder as the user has it, so that relative paths mean what they typed; npm remembers it here.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
    NODE_OPTIONS: nodeOptions(),
    // Compiled scripts, of this process and of all that it starts: a start takes half the time. Where the folder cannot be
    // written, Node goes without.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compiled'),
  },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))

/** `npm ci` when the lock file changed after npm's last work. Its output goes to stderr: stdout belongs to the script. */
function install() {
  // npm writes this one last.
  const installed = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })
  if (existsSync(node) && installed && installed.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return
  console.error('Installing what is missing (once; a minute or two) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0 || !existsSync(node)) {
    console.error('The installation failed; the lines above say why. Is the npm registry within reach?')
    process.exit(1)
  }
}

/** node:sqlite and import of JSON warn that they are new; that is no news to a user. */
function nodeOptions() {
  return [process.env.NODE_OPTIONS, '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' ')
}
