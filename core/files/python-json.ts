/**
 * JSON as Python's json module writes it: -Infinity and Infinity are numbers there, and scheduler configs hold them
 * (lambda_min_clipped). Throws SyntaxError as JSON.parse does.
 */
export function parsePythonJson(text: string): unknown {
  // A number that overflows is how strict JSON spells infinity. Strings are matched first, so that they stay as they are.
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|(-?)Infinity/g, (match, sign) =>
      sign === undefined ? match : `${sign}1e999`,
    ),
  )
}
