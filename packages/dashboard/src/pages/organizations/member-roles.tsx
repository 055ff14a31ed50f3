import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Member, Role } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

interface MemberRolesProps {
  organization_id: string;
  member: Member;
  onClose: () => void;
}

export function MemberRoles({ organization_id, member, onClose }: MemberRolesProps) {
  const { write } = useWrite();
  const { data } = useList<Role>({ path: '/roles', name: 'roles', per_page: 100 });
  const before = (member.roles ?? []).map(({ id }) => id);
  const [wanted, setWanted] = useState(before);
  const members = path`/organizations/${organization_id}/members`;
  const at = `${members}${path`/${member.user_id}/roles`}`;
  const save = async () => {
    const added = wanted.filter((id) => !before.includes(id));
    const gone = before.filter((id) => !wanted.includes(id));
    const change = async (method: 'POST' | 'DELETE', roles: string[]) =>
      roles.length === 0 ||
      (await write({ method, path: at, body: { roles } }, { stale: [members] })) !== undefined;
    if ((await change('POST', added)) && (await change('DELETE', gone))) onClose();
  };
  return (
    <>
      <MultiSelect
        label="Roles"
        searchable
        data-autofocus
        openOnFocus={false}
        value={wanted}
        onChange={setWanted}
        data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
      <DialogButtons mt="lg" onCancel={onClose} onAct={save}>
        Save
      </DialogButtons>
    </>
  );
}
