// Which screen is where. Every screen is loaded when somebody goes there for the first time.
import { createBrowserRouter, type RouteObject } from 'react-router';
import { apiRoutes } from './pages/apis/routes.ts';
import { applicationRoutes } from './pages/applications/routes.ts';
import { attackProtectionRoutes } from './pages/attack-protection/routes.ts';
import { brandingRoutes } from './pages/branding/routes.ts';
import { connectionRoutes } from './pages/connections/routes.ts';
import { homeRoutes } from './pages/home/routes.ts';
import { logRoutes } from './pages/logs/routes.ts';
import { organizationRoutes } from './pages/organizations/routes.ts';
import { roleRoutes } from './pages/roles/routes.ts';
import { setUpRoutes } from './pages/set-up/routes.ts';
import { settingsRoutes } from './pages/settings/routes.ts';
import { tryRoutes } from './pages/try/routes.ts';
import { userRoutes } from './pages/users/routes.ts';
import { Gate } from './session/gate.tsx';
import { basename } from './settings.ts';
import { NotThere, RouteError } from './shell/route-error.tsx';
import { Shell } from './shell/shell.tsx';
import { Splash } from './shell/splash.tsx';

const screens: RouteObject[] = [
  ...homeRoutes,
  ...applicationRoutes,
  ...apiRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...organizationRoutes,
  ...settingsRoutes,
  ...connectionRoutes,
  ...brandingRoutes,
  ...attackProtectionRoutes,
  ...logRoutes,
  ...tryRoutes,
];

export const router = createBrowserRouter(
  [
    { HydrateFallback: Splash, children: setUpRoutes },
    {
      HydrateFallback: Splash,
      Component: SignedIn,
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          children: [...screens, { path: 'callback', Component: Splash }, { path: '*', Component: NotThere }],
        },
      ],
    },
  ],
  { basename },
);

function SignedIn() {
  return (
    <Gate>
      <Shell />
    </Gate>
  );
}
