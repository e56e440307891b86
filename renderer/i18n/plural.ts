/** Forms of a counted word, as Intl.PluralRules names them. */
export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

/** @returns a function from a number to "5 pictures" in the language */
export function counter(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (count, forms) => `${numbers.format(count)} ${forms[rules.select(count)] ?? forms.other}`
}
