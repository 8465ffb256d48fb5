import assert from 'node:assert/strict'
import { test } from 'node:test'

import { annotation } from '../workflow.mjs'
import { body, marker, readAbout } from '../report.mjs'
import { words } from '../inputs.mjs'

test('arguments are words, and quotes keep them together', () => {
  assert.deepEqual(words(''), [])
  assert.deepEqual(words(' --base HEAD^1\n  -f "a b.nix" $(x) \'\' it"\'"s '), [
    '--base', 'HEAD^1', '-f', 'a b.nix', '$(x)', '', "it's",
  ])
  assert.throws(() => words("a 'b"), /quote/)
})

test('annotations are one line', () => {
  assert.equal(annotation('a\n::warning::50%'), '::error title=nival::a%0A::warning::50%25')
})

test('a report mentions nobody, and has no hidden line', () => {
  const text = body('nival', '@owner, <!-- nival: nival --> a@b getty@tty1 `@x@/bin`\n', 'http://run')
  assert.ok(text.startsWith('<!-- nival: nival -->\n@\u200bowner, &lt;!-- nival: nival --> a@b getty@tty1 `@x@/bin`\n'))
  assert.ok(body('nival', 'x'.repeat(70_000), 'http://run').includes('too long'))
  assert.throws(() => marker('a-->b'), /characters/)
})

test('only numbers are taken from what a run says', () => {
  assert.deepEqual(readAbout('{"version":1,"pullRequest":5,"changes":0,"x":1}'), { pullRequest: 5, changes: 0 })
  for (const wrong of ['', 'null', '[]', '{"version":1,"pullRequest":"5/../6","changes":1}', '{"version":2}']) {
    assert.throws(() => readAbout(wrong), /report/, wrong)
  }
})
