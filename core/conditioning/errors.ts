import { StudioError } from '../contract.ts'

export const cancelled = () => new StudioError('cancelled', 'The maps were cancelled.', 'Start them again when needed.')
