import { IconDatabase, IconDeviceMobileMessage, IconMail, IconPlugConnected } from '@tabler/icons-react';
import type { ComponentType } from 'react';

interface StrategyWords {
  label: string;
  text: string;
  icon: ComponentType<{ size?: number }>;
}

/** By which people log in here. */
export const strategies: Readonly<Record<string, StrategyWords>> = {
  auth0: { label: 'Database', text: 'Passwords, kept here', icon: IconDatabase },
  email: { label: 'Email code', text: 'A code or a link by mail, no password', icon: IconMail },
  sms: { label: 'Text message', text: 'A code by text message, no password', icon: IconDeviceMobileMessage },
};

/** Others are kept, and not used for logins yet. */
export function isLoginStrategy(strategy: string): boolean {
  return Object.hasOwn(strategies, strategy);
}

export function strategyOf(strategy: string): StrategyWords {
  return (
    (isLoginStrategy(strategy) ? strategies[strategy] : undefined) ?? {
      label: strategy,
      text: 'Kept, and not used for logins yet',
      icon: IconPlugConnected,
    }
  );
}
