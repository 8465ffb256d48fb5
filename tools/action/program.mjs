// Finds nival, and runs it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The folder with the flake that the action belongs to. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The program that the input names, or the one in PATH, or the one that Nix builds. */
export async function program(given, env) {
  if (given !== '') return given
  if (await exists('nival', env)) return 'nival'
  if (!(await exists('nix', env))) {
    throw new Error('there is neither nival nor nix in PATH: install one of them before, or name the program (nival: PATH)')
  }
  console.log('nival is not in PATH; Nix builds it')
  const flags = ['--extra-experimental-features', 'nix-command flakes', 'build', '--no-link', '--print-out-paths']
  const built = await execute('nix', [...flags, '--no-write-lock-file', `path:${ROOT}#default`], { env, keep: true })
  if (built.code !== 0) throw new Error(`nix build ended with exit code ${built.code}`)
  return `${built.text.trim()}/bin/nival`
}

/** Runs a program without a shell. With `keep`, its standard output is returned and not shown. */
export async function execute(name, args, { env, keep = false }) {
  const child = spawn(name, args, { env, stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'] })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part) => (text += part))
  const ended = once(child, 'close')
  try {
    const [code, signal] = await ended
    if (signal !== null) throw new Error(`${name} was ended by ${signal}`)
    return { code, text }
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`there is no program '${name}'`, { cause: error })
    throw error
  }
}

async function exists(name, env) {
  const child = spawn(name, ['--version'], { env, stdio: 'ignore' })
  try {
    await once(child, 'spawn')
  } catch {
    return false
  }
  await once(child, 'close')
  return true
}
