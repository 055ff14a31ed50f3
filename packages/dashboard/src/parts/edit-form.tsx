import type { ReactNode } from 'react';
import { SaveBar } from './save-bar.tsx';
import type { Edit } from './use-edit.ts';

interface EditFormProps<T extends object> {
  edit: Edit<T>;
  /** For who may look and not change. */
  isReadOnly?: boolean;
  children: ReactNode;
}

/** Fields over a stored thing; Enter saves, as in every form. */
export function EditForm<T extends object>({ edit, isReadOnly = false, children }: EditFormProps<T>) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (edit.isDirty) void edit.save();
      }}
    >
      <fieldset className="plain-fieldset" disabled={isReadOnly}>
        {children}
      </fieldset>
      <SaveBar edit={edit} />
    </form>
  );
}
