import { createParamDecorator } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import { currentScope } from '../context/request-context.js';

/** The signed-in person. Only for routes whose declared access lets nobody else in. */
export const Me = createParamDecorator((): Principal => me());

export function me(): Principal {
  const { principal } = currentScope();
  if (!principal) throw new Error('This route is open to people who are not signed in');
  return principal;
}
