import type { Route } from '../route.ts';
import { createEmailVerificationTicket, createPasswordChangeTicket } from './tickets.ts';

export const ticketRoutes: readonly Route[] = [createPasswordChangeTicket, createEmailVerificationTicket];
