// A GitHub on this machine: the answers of its API that the action asks for, and the comments that were written.

import { createServer } from 'node:http'
import { once } from 'node:events'

export const TOKEN = 'the token'
const OWN = { login: 'github-actions[bot]' }

/** Starts the server. `state` has `artifacts`, `archive`, `pulls`, `comments` and `failures` (answers to come first). */
export async function github(state) {
  const asked = []
  const server = createServer(async (request, response) => {
    const answer = (status, value) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const url = new URL(request.url, 'http://localhost')
    const path = url.pathname.replace('/repos/owner/name', '')
    asked.push(`${request.method} ${path}`)
    let text = ''
    for await (const part of request) text += part
    const content = text === '' ? undefined : JSON.parse(text)
    if (state.failures?.length) return answer(state.failures.shift(), {})
    if (path === '/blob') {
      // What stores the archives is another server, and must not see the token.
      if (request.headers.authorization !== undefined) return answer(400, {})
      response.writeHead(200)
      return response.end(state.archive)
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, {})
    const [, ...parts] = path.split('/')
    if (/^\/actions\/runs\/7\/artifacts$/.test(path)) {
      return answer(200, { artifacts: state.artifacts.filter(({ name }) => name === url.searchParams.get('name')) })
    }
    if (/^\/actions\/artifacts\/\d+\/zip$/.test(path)) {
      response.writeHead(302, { location: `http://localhost:${server.address().port}/blob` })
      return response.end()
    }
    if (parts[0] === 'pulls') {
      const pull = state.pulls[parts[1]]
      return pull === undefined ? answer(404, {}) : answer(200, pull)
    }
    if (request.method === 'GET' && /^\/issues\/\d+\/comments$/.test(path)) {
      const page = Number(url.searchParams.get('page'))
      return answer(200, state.comments.slice(100 * (page - 1), 100 * page))
    }
    if (request.method === 'POST' && /^\/issues\/\d+\/comments$/.test(path)) {
      const comment = { id: 1000 + state.comments.length, user: OWN, body: content.body, html_url: 'http://comment/new' }
      state.comments.push(comment)
      return answer(201, comment)
    }
    if (request.method === 'PATCH' && parts[1] === 'comments') {
      const comment = state.comments.find(({ id }) => id === Number(parts[2]))
      comment.body = content.body
      return answer(200, { ...comment, html_url: 'http://comment/old' })
    }
    return answer(404, {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${server.address().port}`
  return { address, asked, close: () => server.close() }
}
