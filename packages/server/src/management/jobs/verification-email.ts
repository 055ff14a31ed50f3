import { z } from 'zod';
import { newJob } from '../../model/job.ts';
import { route } from '../route.ts';
import { findTicketClient, getTicketIdentity, identityField } from '../tickets/ticket-identity.ts';
import { sendVerificationEmail } from '../users/verification-email.ts';
import { jobBody, jobSchema } from './job-body.ts';

export const createVerificationEmail = route({
  method: 'POST',
  path: '/jobs/verification-email',
  summary: 'Send an email address verification email',
  scopes: ['update:users'],
  body: z.strictObject({
    user_id: z.string().min(1).max(512),
    client_id: z.string().min(1).max(255).optional(),
    identity: identityField.optional(),
    organization_id: z.string().min(1).max(50).optional(),
  }),
  status: 201,
  response: jobSchema,
  async answer({ body, caller }, stores, ports) {
    const { user_id, identity: named, organization_id } = body;
    const asked = { user_id, named, takes: ['auth0' as const, 'email' as const] };
    const found = await getTicketIdentity(asked, caller, stores, ports);
    const client = await findTicketClient(body, found.user, stores);
    const recipient = { ...found, client, organization_id };
    await sendVerificationEmail(recipient, caller.requester, stores, ports);
    // The mail is on its way as soon as this is committed.
    const done = { type: 'verification_email', status: 'completed', described: {} } as const;
    const job = newJob(done, undefined, { now: ports.clock.now(), random: ports.random });
    await stores.jobs.insert(job);
    return jobBody({ ...job, status: 'pending' });
  },
});
