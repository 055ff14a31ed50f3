// Organizations as they stand on the wire (contract §3.6, OR-1).
import { z } from 'zod';
import type { Organization } from '../../model/organization.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementStores } from '../ports.ts';
import { present } from '../wire.ts';

export const organizationParams = z.strictObject({ id: z.string().min(1).max(50) });

/** Pages that an offset leads to: from there on a checkpoint is the way. */
export const lastPage = 1000;

export const organizationAnswer = z.object({
  id: z.string(),
  name: z.string(),
  display_name: z.string().optional(),
  branding: z
    .object({
      logo_url: z.string().optional(),
      colors: z.object({ primary: z.string(), page_background: z.string() }).optional(),
    })
    .optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  token_quota: z.unknown().optional(),
  third_party_client_access: z.unknown().optional(),
  is_app_entitlement_active: z.unknown().optional(),
});

export function organizationOnWire(organization: Organization): z.input<typeof organizationAnswer> {
  const { id, name, display_name, branding, metadata, unused } = organization;
  return {
    ...present({ display_name, branding }),
    id,
    name,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    third_party_client_access: 'block',
    is_app_entitlement_active: false,
    ...unused,
  };
}

/** Throws ManagementError 404. */
export async function existingOrganization(
  id: string,
  { organizations }: Pick<ManagementStores, 'organizations'>,
): Promise<Organization> {
  return existing(await organizations.find(id));
}

export function existing(organization: Organization | undefined): Organization {
  if (organization === undefined) throw new ManagementError(404, 'No organization found by that id or name');
  return organization;
}
