// What GitHub reads from a step: annotations, outputs and the summary.

import { appendFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'

/** An error as an annotation: a line on standard output. The text cannot end the line and begin another command. */
export function annotation(text) {
  const data = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::error title=nival::${data}`
}

/** Sets an output of the step. The value cannot end its block, because nobody knows the delimiter before. */
export function output(env, name, value) {
  if (!env.GITHUB_OUTPUT) return
  const end = randomUUID()
  appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`)
}

/** Adds Markdown to the summary of the step. */
export function summarise(env, text) {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, text)
}
