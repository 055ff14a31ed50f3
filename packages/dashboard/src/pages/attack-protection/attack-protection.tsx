import { Detail } from '../../parts/detail.tsx';
import { BruteForce } from './brute-force.tsx';
import { SuspiciousAddresses } from './ip-throttling.tsx';

export function AttackProtection() {
  return (
    <Detail
      to="/attack-protection"
      title="Attack protection"
      description="What the server does about passwords that are guessed."
      tabs={[
        { name: 'brute-force', label: 'Brute force', content: () => <BruteForce /> },
        { name: 'addresses', label: 'Suspicious addresses', content: () => <SuspiciousAddresses /> },
      ]}
    />
  );
}
