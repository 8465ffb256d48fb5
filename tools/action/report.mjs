// The report that one workflow run leaves for another: its files, its limits, and how a text becomes a comment.
//
// The run that writes it has evaluated the pull request's code, so nothing in it can be trusted.

/** The files of the report. */
export const TEXT = 'report.md'
export const ABOUT = 'about.json'

/** The most bytes of an archive with a report, and of a file in it. */
export const MOST_PACKED = 1 << 20
export const MOST_UNPACKED = 1 << 18

/** GitHub accepts 65,536 characters in a comment. */
const MOST_SHOWN = 62_000

/** What the run says about its report. */
export function about(pullRequest, changes) {
  return JSON.stringify({ version: 1, pullRequest, changes })
}

/** Reads what a run says about its report. Only numbers are taken from it. */
export function readAbout(text) {
  let found
  try {
    found = JSON.parse(text)
  } catch {
    throw new Error(`${ABOUT} of the report is not JSON`)
  }
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0
  if (found?.version !== 1 || !isCount(found.pullRequest) || found.pullRequest === 0 || !isCount(found.changes)) {
    throw new Error(`${ABOUT} of the report does not have the expected form`)
  }
  return { pullRequest: found.pullRequest, changes: found.changes }
}

/** The hidden line by which a comment is found again. */
export function marker(id) {
  if (!/^[\w. -]+$/.test(id) || id.includes('--')) {
    throw new Error(`the id '${id}' has characters other than letters, digits, dots, dashes and spaces`)
  }
  return `<!-- nival: ${id} -->`
}

/** The text of a comment. The report mentions nobody and hides nothing. */
export function body(id, report, address) {
  const tame = report
    .replaceAll('\0', '')
    .replaceAll('<!--', '&lt;!--')
    // A space without width ends the mention, but is not seen.
    .replace(/(?<![\w`])@(?=\w)/g, '@\u200b')
  const isShort = tame.length <= MOST_SHOWN
  const text = isShort ? tame.trim() : '### nival\n\nThe report is too long for a comment.'
  return `${marker(id)}\n${text}\n\n<sub>[The workflow run](${address}) evaluated the pull request's code and wrote this.</sub>\n`
}
