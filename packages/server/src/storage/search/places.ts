// Where a field of a search stands.

export interface Place {
  readonly column: string;
  /** Of the JSON object that the column holds: a text. */
  readonly member?: string;
  /** Of rows of another table, which name what is searched by their column `owner`. */
  readonly of?: { readonly table: string; readonly owner: string };
  /** Spelled by `searchable`. */
  readonly folded?: true;
  readonly nullable?: true;
  /** By an index that goes on with the id of what is searched: of all rows, or of those that have the field. */
  readonly indexed?: 'whole' | 'present';
}
