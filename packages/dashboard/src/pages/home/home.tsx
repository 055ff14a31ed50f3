import { PageHeader } from '../../parts/page-header.tsx';
import { settings } from '../../settings.ts';

export function Home() {
  return <PageHeader title="Home" description={`What happens at ${settings.friendly_name}.`} />;
}
