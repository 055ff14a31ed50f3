// Which connections a login page offers: those that the client, and `connection` if the request names one, allow.
import {
  type DatabaseConnection,
  isDatabase,
  isPasswordless,
  type PasswordlessConnection,
} from '../../model/connection.ts';
import type { ScreenRequest } from './screen.ts';

/** AZ-23: those whose users may log in here, by name. */
export function databasesOf({ parsed }: ScreenRequest): DatabaseConnection[] {
  return parsed.connections.filter(isDatabase);
}

/** Where people sign up: the first that lets them. */
export function databaseForSignup(screen: ScreenRequest): DatabaseConnection | undefined {
  return databasesOf(screen).find(({ options }) => !options.disable_signup);
}

/** Where people may ask for another password. */
export function databasesForReset(screen: ScreenRequest): DatabaseConnection[] {
  return databasesOf(screen).filter(({ options }) => options.disable_self_service_change_password !== true);
}

/** Those whose users are sent a code, by name. */
export function passwordlessOf({ parsed }: ScreenRequest): PasswordlessConnection[] {
  return parsed.connections.filter(isPasswordless);
}
