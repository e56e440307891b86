import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { FINEST_STROKE } from '../../core/contract/vocabulary.ts'
import type { Meaning } from '../../core/prompt/prompt-builder.ts'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { isWritten, placeWord } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useCanvasScale, useMaps } from '../store/maps.ts'
import { familyOf } from './fonts.ts'

export function WordFields() {
  const t = useMessages()
  const language = useLanguage()
  const word = useCompose(({ present }) => present.request.word ?? '')
  const translation = useCompose(({ present }) => present.request.translation ?? null)
  const font = useCompose(({ present }) => present.request.layout?.font ?? null)
  const weight = useCompose(({ present }) => present.request.layout?.weight ?? 700)
  const { patch, seal } = useCompose.getState()
  const family = useFacts(({ fonts }) => familyOf(fonts, font))
  const meaning = useFacts(({ built }) => built?.meaning ?? null)
  const problem = useMaps(state => state.problem)
  const isKnown = meaning?.source === 'dictionary' || meaning?.source === 'glossary'
  // Words of Latin letters stand for themselves in a prompt.
  const unexplained = meaning?.source === 'none' && plain(meaning.text) !== plain(word)
  const hints = {
    dictionary: t.fromDictionary,
    glossary: t.fromGlossary,
    given: ' ',
    none: unexplained ? t.noMeaning : ' ',
  }
  const hint = meaning ? hints[meaning.source] : ' '
  return (
    <section className="word" aria-label={t.word}>
      <p className="pinyin" lang="zh-Latn">
        {meaning?.pinyin ?? ' '}
      </p>
      <textarea
        className="word-input"
        rows={word.split('\n').length}
        aria-label={t.word}
        placeholder={t.wordPlaceholder}
        style={{ fontFamily: family, fontWeight: weight }}
        value={word}
        maxLength={128}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem ? 'word-problem' : undefined}
        onChange={event => patch({ word: event.target.value, translation: null }, 'word')}
        onBlur={seal}
      />
      {problem && (
        <p className="problem" id="word-problem" role="alert">
          {sentences(problem, language)}
        </p>
      )}
      <FineStrokes word={word} />
      <Unwritten word={word} />
      <div className="meaning">
        <input
          aria-label={t.meaning}
          placeholder={t.meaningPlaceholder}
          value={translation ?? (isKnown ? meaning.text : '')}
          onChange={event => patch({ translation: event.target.value || null }, 'translation')}
          onBlur={seal}
        />
        <Senses meaning={meaning} />
      </div>
      <p className="hint">{translation ? t.yours : hint}</p>
    </section>
  )
}

/** As prompts have it: lines are words, and letters with their marks are one. */
const plain = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** A long line fills the canvas with strokes that are too fine to be painted. */
function FineStrokes({ word }: { word: string }) {
  const t = useMessages()
  const strokeWidth = useMaps(state => state.strokeWidth)
  const scale = useCanvasScale()
  const pixels = (strokeWidth ?? FINEST_STROKE) * scale
  return pixels >= FINEST_STROKE || strokeWidth === null ? null : (
    <p className="hint" role="status">
      {t.blocks.fine(plain(word), Math.round(pixels))}
    </p>
  )
}

/** Whose block was removed, a word can be typed, and is not painted. */
function Unwritten({ word }: { word: string }) {
  const t = useMessages()
  const composition = useCompose(({ present }) => present.request.composition)
  if (!word.trim() || isWritten(composition, word)) return null
  return (
    <p className="hint" role="status">
      {t.blocks.unwritten}{' '}
      <button type="button" className="link" onClick={placeWord}>
        {t.blocks.addMotif}
      </button>
    </p>
  )
}

/** The dictionary's other senses, to choose from. */
function Senses({ meaning }: { meaning: Meaning | null }) {
  const t = useMessages()
  const [open, setOpen] = useState(false)
  const lookup = meaning?.lookup
  if (!lookup || lookup.basis === 'none' || lookup.entries.length === 0) return null
  const choose = (text: string) => {
    useCompose.getState().patch({ translation: text })
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="icon-button" aria-label={t.otherMeanings} title={t.otherMeanings}>
        <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          align="end"
          sideOffset={4}
          collisionPadding={12}
          aria-label={t.otherMeanings}
        >
          {lookup.entries.map(entry => (
            <div key={`${entry.traditional} ${entry.pinyin}`} className="entry">
              <p className="pinyin" lang="zh-Latn">
                {entry.pinyin}
              </p>
              {entry.senses.map((sense, at) => (
                <button
                  key={sense}
                  type="button"
                  className="sense"
                  lang="en"
                  onClick={() => choose(entry.meanings[at] ?? sense)}
                >
                  {sense}
                </button>
              ))}
            </div>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
