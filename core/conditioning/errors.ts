import { StudioError } from '../contract/request.ts'

export const cancelled = () => new StudioError('cancelled', 'The maps were cancelled.', 'Start them again when needed.')
