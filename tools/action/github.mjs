// The few calls of GitHub's API that the action needs.

/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000
/** Waits before a further try, in milliseconds. */
const PAUSES = [1_000, 4_000]
/** Comments of a pull request that are looked through: 30 pages of 100. */
const PAGES = 30

/** The API of the repository that the workflow belongs to. */
export class Repository {
  constructor(env, token, pauses = PAUSES) {
    const { GITHUB_API_URL, GITHUB_REPOSITORY } = env
    if (!GITHUB_API_URL || !GITHUB_REPOSITORY) throw new Error('this does not run in a workflow of GitHub')
    if (!token) throw new Error('there is no token')
    this.root = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`
    this.token = token
    this.pauses = pauses
  }

  /** The newest artifact of a run with a name, or null. */
  async artifact(run, name) {
    const query = new URLSearchParams({ name, per_page: '100' })
    const { artifacts } = await this.json('GET', `/actions/runs/${run}/artifacts?${query}`)
    const found = artifacts.filter((artifact) => artifact.name === name && !artifact.expired)
    return found.sort((a, b) => b.id - a.id)[0] ?? null
  }

  /** The archive of an artifact, of at most `most` bytes. */
  async archive(id, most) {
    const response = await this.call('GET', `/actions/artifacts/${id}/zip`)
    const parts = []
    let length = 0
    for await (const part of response.body) {
      length += part.length
      if (length > most) throw new Error(`the artifact has more than ${most} bytes`)
      parts.push(part)
    }
    return Buffer.concat(parts)
  }

  /** A pull request, or null. */
  async pullRequest(number) {
    const response = await this.call('GET', `/pulls/${number}`, { allow: [404] })
    return response.status === 404 ? null : response.json()
  }

  /** The first comment on a pull request that `isWanted`, or null. */
  async findComment(number, isWanted) {
    for (let page = 1; page <= PAGES; page++) {
      const comments = await this.json('GET', `/issues/${number}/comments?per_page=100&page=${page}`)
      const found = comments.find(isWanted)
      if (found !== undefined) return found
      if (comments.length < 100) return null
    }
    return null
  }

  /** Writes a comment on a pull request. */
  createComment(number, body) {
    return this.json('POST', `/issues/${number}/comments`, { body })
  }

  /** Replaces the text of a comment. */
  updateComment(id, body) {
    return this.json('PATCH', `/issues/comments/${id}`, { body })
  }

  async json(method, path, content) {
    return (await this.call(method, path, { content })).json()
  }

  /** Calls the API. Questions are asked again if the server is in trouble; nothing is written twice. */
  async call(method, path, { content, allow = [] } = {}) {
    const pauses = method === 'GET' ? [...this.pauses] : []
    for (;;) {
      const response = await fetch(this.root + path, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${this.token}`,
          'x-github-api-version': '2022-11-28',
          'user-agent': 'nival',
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: content === undefined ? undefined : JSON.stringify(content),
        signal: AbortSignal.timeout(PATIENCE),
      })
      if (response.ok || allow.includes(response.status)) return response
      await response.body?.cancel()
      const pause = response.status >= 500 ? pauses.shift() : undefined
      if (pause === undefined) throw new Error(`GitHub answers ${response.status} to ${method} ${path}`)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
