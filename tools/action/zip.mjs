// Reads small ZIP archives that nobody vouches for.

import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1

/** The files with these names in an archive, as texts. Others are not unpacked. A file has at most `most` bytes. */
export function filesOf(archive, names, most) {
  const found = new Map()
  const end = findEnd(archive)
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    const entry = entryAt(archive, at)
    at = entry.next
    if (!names.includes(entry.name)) continue
    if (found.has(entry.name)) throw new Error(`the archive has '${entry.name}' twice`)
    found.set(entry.name, contents(archive, entry, most).toString('utf8'))
  }
  for (const name of names) {
    if (!found.has(name)) throw new Error(`the archive has no '${name}'`)
  }
  return found
}

/** Where the record is that ends the archive, in front of a comment of up to 64 KiB. */
function findEnd(archive) {
  const least = Math.max(0, archive.length - 22 - 0xffff)
  for (let at = archive.length - 22; at >= least; at--) {
    if (archive.readUInt32LE(at) === END) return at
  }
  throw new Error('this is no ZIP archive')
}

function entryAt(archive, at) {
  if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY) throw new Error('the archive is damaged')
  const [nameLength, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
  const start = at + 46
  return {
    flags: archive.readUInt16LE(at + 8),
    method: archive.readUInt16LE(at + 10),
    checksum: archive.readUInt32LE(at + 16),
    packed: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    local: archive.readUInt32LE(at + 42),
    name: archive.toString('utf8', start, start + nameLength),
    next: start + nameLength + extra + comment,
  }
}

function contents(archive, entry, most) {
  const { local, packed, size, method, name } = entry
  if (size > most) throw new Error(`'${name}' in the archive has more than ${most} bytes`)
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== LOCAL) throw new Error('the archive is damaged')
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  if (start + packed > archive.length) throw new Error('the archive is damaged')
  if (entry.flags & ENCRYPTED) throw new Error(`'${name}' in the archive is encrypted`)
  const bytes = archive.subarray(start, start + packed)
  const data = unpack(bytes, method, name, most)
  if (data.length !== size || crc32(data) !== entry.checksum) throw new Error('the archive is damaged')
  return data
}

function unpack(bytes, method, name, most) {
  if (method === STORED) return bytes
  if (method !== DEFLATED) throw new Error(`'${name}' in the archive is packed in an unknown way`)
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    const what = error.code === 'ERR_BUFFER_TOO_LARGE' ? `has more than ${most} bytes` : 'is damaged'
    throw new Error(`'${name}' in the archive ${what}`, { cause: error })
  }
}

