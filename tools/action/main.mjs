// The entry of the action: runs the command that the inputs name.

import { comment } from './comment.mjs'
import { inputs } from './inputs.mjs'
import { annotation, output } from './workflow.mjs'
import { run } from './run.mjs'

const COMMANDS = { diff: run, check: run, lint: run, comment }

try {
  const given = inputs(process.env)
  const command = Object.hasOwn(COMMANDS, given.command) ? COMMANDS[given.command] : undefined
  if (command === undefined) {
    throw new Error(`the command is one of ${Object.keys(COMMANDS).join(', ')}, not '${given.command}'`)
  }
  const { exitCode = 0, outputs = {} } = await command(given, process.env)
  for (const [name, value] of Object.entries(outputs)) {
    output(process.env, name, value)
  }
  process.exitCode = exitCode
} catch (error) {
  console.log(annotation(error.message))
  process.exitCode = 2
}
