import type { Route } from '../route.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import { linkIdentity, unlinkIdentity } from './identities.ts';
import { listUsers } from './list-users.ts';
import { getUser, listUsersByEmail } from './read-users.ts';
import { updateUser } from './update-user.ts';
import { deleteBlocks, deleteBlocksByIdentifier, getBlocks, getBlocksByIdentifier } from './user-blocks.ts';

export const userRoutes: readonly Route[] = [
  listUsers,
  createUser,
  getUser,
  listUsersByEmail,
  updateUser,
  deleteUser,
  linkIdentity,
  unlinkIdentity,
  getBlocks,
  getBlocksByIdentifier,
  deleteBlocks,
  deleteBlocksByIdentifier,
];
