/** How well the word of a picture can be read: a number that explains itself on hover. */
import { TriangleAlert } from 'lucide-react'
import type { Picture } from '../../core/host/api/library.ts'
import { type Messages, useLanguage, useMessages, words } from '../i18n/index.ts'

type Scored = Pick<Picture, 'legibility' | 'judgement'>

const percent = (share: number) => Math.round(share * 100)

/** "Legible 98 %", or that it could not be judged. */
export const scoreText = ({ legibility }: Scored, t: Messages): string =>
  legibility === null ? t.notJudged : `${t.legible} ${percent(legibility)} %`

/** What was read, and how far the outline agrees. Empty where there is no score and no reason for that. */
export function explainScore({ legibility, judgement }: Scored, t: Messages, language: string): string {
  if (!judgement) return legibility === null ? '' : `${t.legibleTip}\n${t.legibleBefore}`
  const { why, outline, words: each = [], notices = [] } = judgement
  const agreement = outline === null ? [] : [t.legibleOutline(percent(outline))]
  const single = each.map(({ name, score }) => `${name}: ${score === null ? t.notJudged : `${percent(score)} %`}`)
  return [words(why, language), ...agreement, ...single, ...notices.map(part => words(part, language))].join('\n')
}

export function Score(scored: Scored) {
  const t = useMessages()
  const explained = explainScore(scored, t, useLanguage())
  if (explained === '') return null
  const { legibility, judgement } = scored
  if (legibility === null) {
    return (
      <span className="score" title={explained}>
        {t.notJudged}
      </span>
    )
  }
  const read = judgement?.read
  const isWarned = (judgement?.notices?.length ?? 0) > 0
  return (
    <span className="score" title={explained}>
      <span className="score-word">{read ? t.readAs(read) : t.legible}</span>
      <span className="score-word">{' · '}</span>
      {percent(legibility)} %
      {isWarned && <TriangleAlert className="score-warning" size={14} aria-label={t.scoreWarning} />}
    </span>
  )
}
