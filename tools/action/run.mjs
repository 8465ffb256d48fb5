// `command: diff`, `check` or `lint`: runs nival on the pull request's code, without rights. The first two write a report.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { ABOUT, TEXT, about } from './report.mjs'
import { execute, program } from './program.mjs'
import { summarise } from './workflow.mjs'
import { words } from './inputs.mjs'

/** Runs nival. It prints annotations; its summary becomes that of the step, and the text of the report. */
export async function run(given, env) {
  const args = words(given.arguments)
  const folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'nival-'))
  const summary = join(folder, 'summary.md')
  const results = join(folder, 'outputs')
  writeFileSync(summary, '')
  writeFileSync(results, '')
  try {
    const name = await program(given.nival, env)
    const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')))
    const childEnv = { ...own, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: results }
    const { code } = await execute(name, [given.command, '--format', 'github', ...args], { env: childEnv })
    const text = readFileSync(summary, 'utf8')
    summarise(env, text)
    // Nothing says so if nothing was compared.
    const changes = /^changes=(\d+)$/m.exec(readFileSync(results, 'utf8'))?.[1]
    const number = pullRequest(env)
    if (number !== null && changes !== undefined) {
      const report = resolve(given.report)
      mkdirSync(report, { recursive: true })
      writeFileSync(join(report, TEXT), text)
      writeFileSync(join(report, ABOUT), about(number, Number(changes)))
    }
    return { exitCode: code, outputs: { ...(changes === undefined ? {} : { changes }), 'exit-code': code } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The number of the pull request that the workflow runs for, or null. */
function pullRequest(env) {
  if (!env.GITHUB_EVENT_PATH) return null
  return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).pull_request?.number ?? null
}
