// Makes ZIP archives, also wrong ones.

import { crc32, deflateRawSync } from 'node:zlib'

/** An archive of files: objects with `name`, `text` and, to lie about it, `size`. */
export function archive(files) {
  const locals = []
  const entries = []
  let at = 0
  for (const { name, text, size, flags = 0, method = 8 } of files) {
    const data = Buffer.from(text)
    const packed = method === 8 ? deflateRawSync(data) : data
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(flags, 8)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(crc32(data), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(size ?? data.length, 24)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE(at, 42)
    const parts = [local, Buffer.from(name), packed]
    locals.push(...parts)
    entries.push(entry, Buffer.from(name))
    at += parts.reduce((sum, part) => sum + part.length, 0)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...entries, end])
}
