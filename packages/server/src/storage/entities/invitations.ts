import type { InvitationStore, Invited } from '../../management/organizations/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Invitation } from '../../model/invitation.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import { invitationCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, pageParameters } from '../pages.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const columns = [...invitationCodec.columns, 'ticket'] as const;

type OfOrganization = { organization_id: string };
type Key = OfOrganization & { id: string };

const insert = prepare((db, p: Placeholders<Tables['invitation']>) =>
  db.insertInto('invitation').values({
    ...placeholdersOf<Invitation, keyof Invitation>(p, invitationCodec.columns),
    hash: p.hash,
    ticket: p.ticket,
  }),
);
const find = prepare((db, p: Placeholders<Key>) =>
  db
    .selectFrom('invitation')
    .select(columns)
    .where('organization_id', '=', p.organization_id)
    .where('id', '=', p.id),
);
const listBy = (direction: 'asc' | 'desc') =>
  prepare((db, p: Placeholders<OfOrganization & { limit: number; offset: number }>) =>
    db
      .selectFrom('invitation')
      .select(columns)
      .where('organization_id', '=', p.organization_id)
      .orderBy('created_at', direction)
      .orderBy('id', direction)
      .limit(p.limit)
      .offset(p.offset),
  );
const listOldestFirst = listBy('asc');
const listNewestFirst = listBy('desc');
const count = prepare((db, p: Placeholders<OfOrganization>) =>
  db
    .selectFrom('invitation')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('organization_id', '=', p.organization_id),
);
const remove = prepare((db, p: Placeholders<Key>) =>
  db.deleteFrom('invitation').where('organization_id', '=', p.organization_id).where('id', '=', p.id),
);

export class SqlInvitationStore implements InvitationStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  async insert(invitation: Invitation, ticket: string): Promise<void> {
    await insert.run(this.#executor, {
      ...invitationCodec.encode(invitation),
      hash: sha256(ticket),
      ticket: this.#encryption.seal(placeOf(invitation.id), ticket),
    });
  }

  async find(organization_id: string, id: string): Promise<Invited | undefined> {
    const row = await find.first(this.#executor, { organization_id, id });
    return row && this.#opened(row);
  }

  async list(
    organization_id: string,
    { descending }: { descending: boolean },
    page: Page,
  ): Promise<Listed<Invited>> {
    const { limit, offset } = pageParameters(page);
    const statement = descending ? listNewestFirst : listOldestFirst;
    const rows = await statement.all(this.#executor, { organization_id, limit, offset });
    return listed(rows, page, {
      decode: (row) => this.#opened(row),
      keyOf: ({ id }) => id,
      count: () => count.first(this.#executor, { organization_id }),
    });
  }

  async remove(organization_id: string, id: string): Promise<void> {
    await remove.run(this.#executor, { organization_id, id });
  }

  #opened({ ticket, ...row }: Omit<Tables['invitation'], 'hash'>): Invited {
    return {
      invitation: invitationCodec.decode(row),
      ticket: this.#encryption.open(placeOf(row.id), ticket),
    };
  }
}

function placeOf(id: string): SealedPlace {
  return { table: 'invitation', column: 'ticket', row: id };
}
