import { errorResponse } from '../../oauth/authorize/response.ts';
import { AccessDenied } from '../../oauth/errors.ts';
import { answerAtCallback } from '../authorization-response.ts';
import type { Reply } from '../reply.ts';
import type { ScreenRequest } from './screen.ts';

/** AZ-62 */
export function denied({ parsed, tenant }: ScreenRequest): Reply {
  const error = new AccessDenied('The user denied the authorization request');
  return answerAtCallback(errorResponse(parsed.request, error, tenant), tenant, 303);
}
