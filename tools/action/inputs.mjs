// The inputs of the action.

const NAMES = ['command', 'arguments', 'nival', 'report', 'artifact', 'id', 'login', 'token']

/** The inputs by their names. GitHub passes them in the environment. */
export function inputs(env) {
  return Object.fromEntries(NAMES.map((name) => [name, (env[`INPUT_${name.toUpperCase()}`] ?? '').trim()]))
}

/** The words of a text. Single or double quotes keep what is between them together; there is no escaping and no expansion. */
export function words(text) {
  const found = []
  let word = null
  let quote = null
  for (const char of text) {
    if (quote !== null) {
      if (char === quote) quote = null
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== null) found.push(word)
      word = null
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote !== null) throw new Error(`a quote (${quote}) is not closed in the arguments`)
  if (word !== null) found.push(word)
  return found
}
