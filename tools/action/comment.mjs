// `command: comment`: publishes the report of another workflow run, with the rights to comment. Nothing of the pull request is
// checked out or run here, and its report is a text from a stranger.

import { readFileSync } from 'node:fs'

import { ABOUT, MOST_PACKED, MOST_UNPACKED, TEXT, body, marker, readAbout } from './report.mjs'
import { Repository } from './github.mjs'
import { filesOf } from './zip.mjs'

/** Writes the comment, or updates it in place. */
export async function comment(given, env) {
  const hidden = marker(given.id)
  const run = workflowRun(env)
  const repository = new Repository(env, given.token)
  const nothing = (why) => {
    console.log(`no comment: ${why}`)
    return {}
  }
  const artifact = await repository.artifact(run.id, given.artifact)
  if (artifact === null) return nothing(`the run has no artifact '${given.artifact}'`)
  const archive = await repository.archive(artifact.id, MOST_PACKED)
  const files = filesOf(archive, [TEXT, ABOUT], MOST_UNPACKED)
  const { pullRequest: number, changes } = readAbout(files.get(ABOUT))

  // The report names the pull request. Only one whose newest commit is what the run was about can be meant.
  const pullRequest = await repository.pullRequest(number)
  if (pullRequest === null || !isAbout(run, pullRequest)) {
    return nothing(`the newest commit of pull request ${number} is not the one that the run was about`)
  }
  const isOwn = (it) => it.user?.login === given.login && it.body?.startsWith(hidden)
  const before = await repository.findComment(number, isOwn)
  if (before === null && changes === 0) return nothing('nothing differs')
  const text = body(given.id, files.get(TEXT), run.html_url)
  const written =
    before === null ? await repository.createComment(number, text) : await repository.updateComment(before.id, text)
  console.log(`${before === null ? 'wrote' : 'updated'} ${written.html_url}`)
  return { outputs: { comment: written.html_url } }
}

/** The run whose end started this workflow. GitHub says so, not the pull request. */
function workflowRun(env) {
  const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'))
  const run = event.workflow_run
  if (run === undefined) throw new Error('comments are written in workflows that run on workflow_run')
  if (run.event !== 'pull_request') throw new Error(`the run was about the event ${run.event}, not about a pull request`)
  return run
}

/** Whether a run was about the newest commit of a pull request, which is open. */
function isAbout(run, pullRequest) {
  const { head, state } = pullRequest
  return state === 'open' && head.sha === run.head_sha && head.repo?.id === run.head_repository?.id
}
