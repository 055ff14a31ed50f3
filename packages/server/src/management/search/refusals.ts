// Searches that cannot be answered, in Auth0's words.
import { ManagementError } from '../errors.ts';
import { invalidQuery } from '../validation.ts';
import { type Condition, conditionOf, type Searchable } from './condition.ts';
import { MalformedQuery } from './parse.ts';

/** What the parameter `name` of a query asks for. Throws ManagementError 400. */
export function conditionIn<Name extends string>(
  text: string,
  searchable: Searchable<Name>,
  name = 'q',
): Condition<Name> {
  try {
    return conditionOf(text, searchable);
  } catch (error) {
    if (error instanceof MalformedQuery)
      throw invalidQuery(`Failed to parse the query: ${error.message}`, name);
    throw error;
  }
}

export function searchTooLong(): ManagementError {
  return new ManagementError(
    503,
    'The query exceeded the timeout. Please try refining your search criteria.',
    'query_timeout',
  );
}
