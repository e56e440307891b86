/** For tests: a process whose clock is wrong. Preloaded with --import; ZIHUA_TEST_CLOCK says by how many minutes. */
const off = Number(process.env['ZIHUA_TEST_CLOCK']) * 60_000

const RightDate = Date
globalThis.Date = class extends RightDate {
  constructor(...args: [] | ConstructorParameters<typeof Date>) {
    super(...((args.length === 0 ? [RightDate.now() + off] : args) as ConstructorParameters<typeof Date>))
  }

  static override now(): number {
    return RightDate.now() + off
  }
} as DateConstructor
