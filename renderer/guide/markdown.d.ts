/** Markdown as HTML (build/guide/markdown.ts). */
declare module '*.md' {
  const html: string
  export default html
}
