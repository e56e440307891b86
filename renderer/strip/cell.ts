/** Width that a picture takes in the film strip, pixels. */
export const CELL = 96
