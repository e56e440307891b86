import about from '../../package.json' with { type: 'json' }

/** Version of the studio that writes the records. */
export const VERSION: string = about.version
