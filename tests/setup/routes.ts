import type { Freehold } from './server.ts';

export interface Route {
  /** A parameter in it is filled in with something that does not exist. */
  path: string;
  methods: string[];
}

/**
 * Every route that the server has, read from its router: none can be forgotten. Those of the Management API, which has
 * a registry of its own, are left out.
 */
export function routesOf({ composed }: Pick<Freehold, 'composed'>): Route[] {
  const above: string[] = [];
  const lines = composed.server.printRoutes({ commonPrefix: false }).split('\n');
  const routes = lines.flatMap((line): Route[] => {
    const [, indent = '', segment, methods] = /^([│ ]*)[├└]── (\S*) \((.*)\)$/.exec(line) ?? [];
    if (segment === undefined || methods === undefined) return [];
    const depth = indent.length / 4;
    above.splice(depth, Number.POSITIVE_INFINITY, segment);
    return [{ path: above.join('').replace(/:\w+/g, 'unknown'), methods: methods.split(', ') }];
  });
  if (routes.length === 0) throw new Error('The routes are printed in another way than this reads');
  // The router prints what stands for all of them without its prefix.
  return routes.filter(({ path }) => !path.startsWith('/api/v2/') && path !== '/*');
}
