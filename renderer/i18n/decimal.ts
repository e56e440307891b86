/**
 * @returns a function from 0.9 and 2 to "0.90" with the language's own decimal sign, and without groups of digits: a field
 * takes back what it shows. Without a count of digits, as many as the number has
 */
export function decimals(language: string): (value: number, digits?: number) => string {
  const parts = new Intl.NumberFormat(language).formatToParts(0.5)
  const sign = parts.find(({ type }) => type === 'decimal')?.value ?? '.'
  return (value, digits) => (digits === undefined ? String(value) : value.toFixed(digits)).replace('.', sign)
}
