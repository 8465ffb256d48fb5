import assert from 'node:assert/strict'
import { test } from 'node:test'

import { archive } from './archive.mjs'
import { filesOf } from '../zip.mjs'

const MOST = 1000
const read = (bytes) => Object.fromEntries(filesOf(bytes, ['a', 'b'], MOST))
const files = [{ name: 'a', text: 'one' }, { name: '../x', text: 'no' }, { name: 'b', text: 'two', method: 0 }]

test('files are read by their names', () => {
  assert.deepEqual(read(archive(files)), { a: 'one', b: 'two' })
  assert.deepEqual(read(Buffer.concat([archive(files), Buffer.from('a comment')])), { a: 'one', b: 'two' })
})

test('what is wrong is refused', () => {
  const one = (file) => archive([{ name: 'b', text: '' }, { name: 'a', text: 'one', ...file }])
  const cases = [
    [Buffer.alloc(0), /no ZIP/],
    [Buffer.from('x'.repeat(500)), /no ZIP/],
    [archive(files.slice(1)), /no 'a'/],
    [archive([...files, files[0]]), /twice/],
    [one({ text: 'x'.repeat(MOST + 1) }), /more than 1000 bytes/],
    // A bomb, which lies about its size.
    [one({ text: 'x'.repeat(10_000_000), size: 10 }), /more than 1000 bytes/],
    [one({ size: 2 }), /damaged/],
    [one({ method: 12 }), /unknown/],
    [one({ flags: 1 }), /encrypted/],
  ]
  for (const [bytes, message] of cases) assert.throws(() => read(bytes), message)
})

test('damaged archives are errors, wherever the damage is', () => {
  const good = archive(files)
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good)
    bad[at] ^= 0xff
    try {
      read(bad)
    } catch (error) {
      assert.ok(error instanceof Error && !(error instanceof RangeError), `${at}: ${error.stack}`)
    }
    assert.throws(() => read(good.subarray(0, at)), /archive/)
  }
})
