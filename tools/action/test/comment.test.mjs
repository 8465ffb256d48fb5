import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'

import { Repository } from '../github.mjs'
import { TOKEN, github } from './github.mjs'
import { archive } from './archive.mjs'
import { comment } from '../comment.mjs'

const folder = mkdtempSync(join(tmpdir(), 'nival-action-'))
after(() => rmSync(folder, { recursive: true }))

const HEAD = 'a'.repeat(40)
const RUN = { id: 7, event: 'pull_request', head_sha: HEAD, head_repository: { id: 3 }, html_url: 'http://run/7' }
const PULL = { state: 'open', head: { sha: HEAD, repo: { id: 3 } } }
const ABOUT = { version: 1, pullRequest: 5, changes: 2 }
const REPORT = '### nival: 2 changes\n'

/** What is published of a report, and the questions that were asked. */
async function publish({ about = ABOUT, report = REPORT, run = {}, given = {}, ...state } = {}) {
  const files = [{ name: 'about.json', text: JSON.stringify(about) }, { name: 'report.md', text: report }]
  const all = {
    artifacts: [{ id: 1, name: 'nival-report', expired: true }, { id: 9, name: 'nival-report', expired: false }],
    archive: archive(files),
    pulls: { 5: PULL },
    comments: [],
    ...state,
  }
  const server = await github(all)
  const event = join(folder, 'event.json')
  writeFileSync(event, JSON.stringify({ workflow_run: { ...RUN, ...run } }))
  const env = { GITHUB_API_URL: server.address, GITHUB_REPOSITORY: 'owner/name', GITHUB_EVENT_PATH: event }
  const inputs = { id: 'nival', login: 'github-actions[bot]', token: TOKEN, artifact: 'nival-report', ...given }
  try {
    const { outputs } = await comment(inputs, env)
    return { outputs, comments: all.comments, asked: server.asked }
  } finally {
    server.close()
  }
}

test('a report becomes a comment', async () => {
  const { outputs, comments, asked } = await publish()
  assert.deepEqual(outputs, { comment: 'http://comment/new' })
  assert.equal(comments.length, 1)
  assert.match(comments[0].body, /^<!-- nival: nival -->\n### nival: 2 changes\n\n<sub>\[The workflow run\]\(http:\/\/run\/7\)/)
  assert.deepEqual(asked, [
    'GET /actions/runs/7/artifacts', 'GET /actions/artifacts/9/zip', 'GET /blob', 'GET /pulls/5',
    'GET /issues/5/comments', 'POST /issues/5/comments',
  ])
})

test('the comment is updated in place, also if nothing differs any more', async () => {
  const own = { id: 44, user: { login: 'github-actions[bot]' }, body: '<!-- nival: nival -->\nold' }
  const others = Array.from({ length: 130 }, (_, id) => ({ id: 500 + id, user: { login: 'someone' }, body: own.body }))
  const elsewhere = { ...own, id: 45, body: '<!-- nival: other -->\nold' }
  const comments = [...others, elsewhere, own]
  const found = await publish({ comments, about: { ...ABOUT, changes: 0 } })
  assert.deepEqual(found.outputs, { comment: 'http://comment/old' })
  assert.match(own.body, /2 changes/)
  assert.equal(elsewhere.body, '<!-- nival: other -->\nold')
  assert.equal(found.comments.length, 132)
})

test('nothing is written if nothing differs, or if the pull request is another one', async () => {
  const cases = [
    { about: { ...ABOUT, changes: 0 } },
    { artifacts: [] },
    { about: { ...ABOUT, pullRequest: 6 } },
    { about: { ...ABOUT, pullRequest: 6 }, pulls: { 5: PULL, 6: { state: 'open', head: { sha: 'b', repo: { id: 3 } } } } },
    // The same commit in another fork.
    { about: { ...ABOUT, pullRequest: 6 }, pulls: { 5: PULL, 6: { state: 'open', head: { sha: HEAD, repo: { id: 4 } } } } },
    { pulls: { 5: { ...PULL, head: { sha: HEAD, repo: null } } } },
    { pulls: { 5: { ...PULL, state: 'closed' } } },
  ]
  for (const case_ of cases) {
    const { outputs, comments, asked } = await publish(case_)
    assert.deepEqual([outputs, comments], [undefined, []], JSON.stringify(case_))
    assert.ok(asked.every((call) => call.startsWith('GET ')))
  }
})

test('what is wrong is an error', async () => {
  const cases = [
    [{ archive: Buffer.alloc(2 << 20) }, /more than 1048576 bytes/],
    [{ archive: Buffer.from('no archive, but long enough') }, /no ZIP archive/],
    [{ report: 'x'.repeat(300_000) }, /more than 262144 bytes/],
    [{ about: { ...ABOUT, pullRequest: '5' } }, /expected form/],
    [{ run: { event: 'push' } }, /event push/],
    [{ given: { token: 'another' } }, /401/],
    [{ given: { id: '-->' } }, /characters/],
  ]
  for (const [case_, message] of cases) await assert.rejects(publish(case_), message)
})

test('a question is asked again, and nothing is written twice', async () => {
  const state = { pulls: { 5: PULL }, failures: [502, 503], comments: [] }
  const server = await github(state)
  const env = { GITHUB_API_URL: server.address, GITHUB_REPOSITORY: 'owner/name' }
  const repository = new Repository(env, TOKEN, [1, 1])
  try {
    assert.deepEqual(await repository.pullRequest(5), PULL)
    state.failures.push(502)
    await assert.rejects(repository.createComment(5, 'x'), /502/)
    assert.equal(state.comments.length, 0)
  } finally {
    server.close()
  }
})
