import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'

const MAIN = fileURLToPath(new URL('../main.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'nival-action-'))
after(() => rmSync(folder, { recursive: true }))

const MODULE = '{ lib, ... }: { options.a = lib.mkOption { default = 1; }; options.b = lib.mkOption { default = 1; }; }'

/** Runs the action in a new folder with files; `number` is that of a pull request. */
function action(name, inputs, { files = {}, number = 5, env: more = {} } = {}) {
  const at = join(folder, name)
  mkdirSync(at)
  const write = (file, text) => writeFileSync(join(at, file), text)
  for (const [file, text] of Object.entries({ summary: '', output: '', ...files })) write(file, text)
  write('event.json', JSON.stringify(number === null ? {} : { pull_request: { number } }))
  const env = {
    PATH: process.env.PATH,
    NIVAL_CACHE_DIR: '',
    RUNNER_TEMP: at,
    GITHUB_STEP_SUMMARY: join(at, 'summary'),
    GITHUB_OUTPUT: join(at, 'output'),
    GITHUB_EVENT_PATH: join(at, 'event.json'),
    INPUT_REPORT: 'report',
    ...Object.fromEntries(Object.entries(inputs).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value])),
    ...more,
  }
  const { status, stdout } = spawnSync(process.execPath, [MAIN], { cwd: at, env, encoding: 'utf8' })
  const read = (file) => (existsSync(join(at, file)) ? readFileSync(join(at, file), 'utf8') : null)
  const outputs = Object.fromEntries(
    [...read('output').matchAll(/^([\w-]+)<<(.*)\n([^]*?)\n\2$/gm)].map(([, key, , value]) => [key, value]),
  )
  return { status, stdout, outputs, summary: read('summary'), report: read('report/report.md'), about: read('report/about.json') }
}

const nival = process.env.NIVAL
const options = { skip: nival ? false : 'NIVAL does not name the program' }

test('a difference is an annotation, a summary, a report and an output', options, () => {
  const files = { 'module.nix': MODULE, 'old file.nix': '{ a = 1; }', 'new.nix': '{ a = 2; b = 3; }' }
  const words = '"old file.nix" new.nix --module module.nix --no-base --fail-on none'
  const found = action('diff', { command: 'diff', arguments: words, nival }, { files })
  assert.match(found.stdout, /^::notice file=new.nix,line=1/m)
  assert.match(found.summary, /^### nival: 2 changes/)
  assert.equal(found.report, found.summary)
  assert.deepEqual(JSON.parse(found.about), { version: 1, pullRequest: 5, changes: 2 })
  assert.deepEqual([found.status, found.outputs], [0, { changes: '2', 'exit-code': '0' }])
})

test('the exit code is that of nival', options, () => {
  const files = { 'module.nix': MODULE, 'old.nix': '{ a = 1; }', 'new.nix': '{ a = 2; }', 'same.nix': '{ a = 1; }' }
  const base = { command: 'diff', nival }
  const words = (name) => `old.nix ${name} --module module.nix --no-base`
  const differs = action('differs', { ...base, arguments: words('new.nix') }, { files })
  assert.deepEqual([differs.status, differs.outputs.changes], [1, '1'])
  const same = action('same', { ...base, arguments: words('same.nix') }, { files })
  assert.equal(same.status, 0)
  assert.equal(JSON.parse(same.about).changes, 0)
  const wrong = action('wrong', { ...base, arguments: words('missing.nix') }, { files })
  assert.deepEqual([wrong.status, wrong.report, wrong.outputs], [2, null, { 'exit-code': '2' }])
})

test('a check that fails is reported', options, () => {
  const files = {
    'module.nix': MODULE,
    'one.nix': '{ a = 2; }',
    'nival.toml': 'modules = ["module.nix"]\nfixtures = ["one.nix"]\nsnapshots = "."\nbase = false\n',
    'one.snap': 'a = 1\nb = 1\n',
  }
  const found = action('check', { command: 'check', nival }, { files, env: { CI: 'true' } })
  assert.match(found.stdout, /^::error file=one.nix,line=1/m)
  assert.match(found.report, /^### nival check: 1 changed/)
  assert.deepEqual([found.status, found.outputs], [1, { changes: '1', 'exit-code': '1' }])
})

test('lint annotates, and writes no report', options, () => {
  const files = { 'module.nix': MODULE, 'one.nix': '{ a = 1; }' }
  const words = 'module.nix -f one.nix --no-base --deny-warnings'
  const found = action('lint', { command: 'lint', arguments: words, nival }, { files })
  assert.match(found.stdout, /^::warning file=one.nix,line=1/m)
  assert.deepEqual([found.status, found.report, found.outputs], [1, null, { 'exit-code': '1' }])
})

test('outside of pull requests there is no report', options, () => {
  const files = { 'module.nix': MODULE, 'old.nix': '{ a = 1; }', 'new.nix': '{ a = 2; }' }
  const words = 'old.nix new.nix --module module.nix --no-base'
  const found = action('push', { command: 'diff', arguments: words, nival }, { files, number: null })
  assert.deepEqual([found.status, found.report], [1, null])
  assert.match(found.summary, /^### nival: 1 change/)
})

test('what cannot be done is an annotation', () => {
  const cases = [
    ['command', { command: 'rebuild' }, /one of diff, check, lint, comment, not 'rebuild'/],
    ['prototype', { command: 'constructor' }, /one of diff/],
    ['program', { command: 'diff', nival: './none' }, /there is no program '.\/none'/],
    ['quote', { command: 'diff', arguments: '"', nival: './none' }, /not closed/],
  ]
  for (const [name, inputs, message] of cases) {
    const { status, stdout } = action(name, inputs)
    assert.equal(status, 2)
    assert.match(stdout, /^::error title=nival::/)
    assert.match(stdout, message)
  }
  const { status, stdout } = action('nowhere', { command: 'diff' }, { env: { PATH: '/nowhere' } })
  assert.deepEqual([status, /neither nival nor nix/.test(stdout)], [2, true])
})
