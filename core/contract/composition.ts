/**
 * The composition: blocks on the canvas in paint order, each a word, a motif or a drawing by hand. Whatever they are, they
 * become outlines before anything else sees them (core/composition).
 *
 * Positions are shares of the canvas, lengths shares of its shorter side, so that the same composition is drawn at any size.
 */
import { z } from 'zod'
import { expectations } from '../faults/phrases.ts'
import { COMPOSITION_LIMITS, LIMITS, MOTIF_FORMS } from './vocabulary.ts'
import { layoutSchema } from './writing.ts'

const share = z.number().min(-4).max(4)
const bend = z.number().min(-2).max(2)
const factor = z
  .number()
  .min(-8)
  .max(8)
  .refine(value => Math.abs(value) >= 0.005, expectations.scaleExpected())

/** Where a block stands: scaled about its own middle, turned, then moved. */
export const transformSchema = z.strictObject({
  /** Its middle, share of the canvas' width and height. */
  x: share,
  y: share,
  /**
   * Across and down. A word or motif is one long on its longer side before it is scaled, a drawing as it was drawn; negative
   * numbers mirror.
   */
  scale: z.tuple([factor, factor]),
  /** Degrees, clockwise. */
  rotation: z.number().min(-3600).max(3600),
})
export type Transform = z.infer<typeof transformSchema>

/** How a block is bent within its own box, before it is placed (core/composition/warp.ts has the formulas). */
export const warpSchema = z.discriminatedUnion('kind', [
  /** Along a circle; degrees over the block's whole width, positive: the middle stands higher than the ends. */
  z.strictObject({ kind: z.literal('arc'), angle: z.number().min(-360).max(360) }),
  /** Up and down; amplitude in shares of the longer side, number of waves over the width, phase in waves. */
  z.strictObject({
    kind: z.literal('wave'),
    amplitude: z.number().min(-1).max(1),
    waves: z.number().min(0).max(8),
    phase: z.number().min(-1).max(1),
  }),
  /** Into a frame of four corners whose upper and lower edges may sag; shares of the block's width and height. */
  z.strictObject({
    kind: z.literal('envelope'),
    /** How far each corner is moved, [right, down]: top left, top right, bottom right, bottom left. */
    corners: z.tuple([z.tuple([bend, bend]), z.tuple([bend, bend]), z.tuple([bend, bend]), z.tuple([bend, bend])]),
    /** How far the middle of the upper and of the lower edge hangs below the straight line. */
    top: bend,
    bottom: bend,
  }),
])
export type Warp = z.infer<typeof warpSchema>

/** How a block's word is set; what is left out is as in the request's layout. */
export const writingSchema = layoutSchema
  .omit({ margin: true })
  .partial()
  .extend({
    align: z.enum(['left', 'center', 'right']).optional(),
    /** Between letters, em. */
    letterSpacing: z.number().min(-0.5).max(3).optional(),
    /** Factor on the distance of lines. */
    lineSpacing: z.number().min(0.4).max(4).optional(),
    /** Width over height of the frame into which lines are broken by the language's rules; null: only where the word says so. */
    wrap: z.number().min(0.05).max(20).nullable().optional(),
  })
export type Writing = z.infer<typeof writingSchema>

const path = z.string().min(1).max(COMPOSITION_LIMITS.path)
const name = z.string().max(COMPOSITION_LIMITS.name)

const common = {
  /** What maps' legends and the list of blocks call it; "" or left out: its word, or what its motif is called. */
  name: name.optional(),
  transform: transformSchema,
  warp: warpSchema.nullable().default(null),
  /** Its share of control: 1 as the maps say, 0 takes no part in them. */
  control: z.number().min(0).max(1).default(1),
  /** Joins the prompt where that is built. */
  prompt: z.string().max(COMPOSITION_LIMITS.prompt).nullable().default(null),
}

export const blockSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('word'),
    source: z.strictObject({
      /** null: the request's own word, so that a set may fill it in. */
      text: z
        .string()
        .max(LIMITS.word * 16)
        .nullable(),
      writing: writingSchema.default({}),
    }),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('motif'),
    source: z.union([
      /** One emoji, drawn by Noto Emoji. */
      z.strictObject({
        emoji: z.string().min(1).max(40),
        form: z.enum(MOTIF_FORMS).default('filled'),
        weight: z.int().min(300).max(700).default(400),
      }),
      /** An outline of one's own: absolute SVG path data of M, L, Q, C and Z, filled by the nonzero rule. */
      z.strictObject({ path, form: z.enum(MOTIF_FORMS).default('line') }),
    ]),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('drawing'),
    source: z.strictObject({
      strokes: z
        .array(
          z.strictObject({
            /**
             * x, y, pressure (0..1) by turns; x and y from the canvas' middle in shares of its shorter side. Two equal strokes
             * one over the other are one.
             */
            points: z.array(z.number().min(-16).max(16)).min(3).max(COMPOSITION_LIMITS.points),
            /** Width of the pen, share of the shorter side. */
            size: z.number().min(0.001).max(0.5),
          }),
        )
        .min(1)
        .max(COMPOSITION_LIMITS.strokes),
      /** How far pressure thins the line, 0..1. */
      thinning: z.number().min(0).max(1).default(0.5),
    }),
    ...common,
  }),
])
export type Block = z.infer<typeof blockSchema>
export type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>
export type DrawnStroke = BlockOf<'drawing'>['source']['strokes'][number]

const schema = z.strictObject({
  /** The last lies on top. */
  blocks: z.array(blockSchema).min(1).max(COMPOSITION_LIMITS.blocks),
  /**
   * How far a block keeps those beneath it away from its ink, share of the shorter side: without a gap a word would drown in
   * the shape behind it.
   */
  gap: z.number().min(0).max(0.2).default(0.012),
})
export type Composition = z.infer<typeof schema>

/** What is left out gets its default as it is read; in the program a composition is always complete. */
export const compositionSchema = schema as z.ZodType<Composition, Composition>
