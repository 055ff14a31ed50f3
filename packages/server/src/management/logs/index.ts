import type { Route } from '../route.ts';
import { getLog, listLogs, listLogsOfUser } from './logs.ts';

export const logRoutes: readonly Route[] = [listLogs, getLog, listLogsOfUser];
