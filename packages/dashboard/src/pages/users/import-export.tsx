// People from elsewhere, and people for elsewhere.
import { Detail } from '../../parts/detail.tsx';
import { useAccess } from '../../session/access.tsx';
import { ExportUsers } from './export-users.tsx';
import { ImportUsers } from './import-users.tsx';

export function ImportExport() {
  const may = useAccess();
  const tabs = [
    may('create:users') && { name: 'import', label: 'Import', content: () => <ImportUsers /> },
    { name: 'export', label: 'Export', content: () => <ExportUsers /> },
  ].filter((tab) => tab !== false);
  return (
    <Detail
      to="/users/import-export"
      title="Import and export"
      description="Bring users here with their passwords, or take them away: they are yours."
      back={{ label: 'Users', to: '/users' }}
      tabs={tabs}
    />
  );
}
