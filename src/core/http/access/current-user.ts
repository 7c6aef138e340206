import { createParamDecorator } from '@nestjs/common';
import type { Actor, Principal } from '../../context/principal.js';
import { currentActor, currentScope } from '../../context/request-context.js';

/** The signed-in person. Only for routes whose declared access lets nobody else in, and no API key. */
export const Me = createParamDecorator((): Principal => me());

export function me(): Principal {
  const { principal } = currentScope();
  if (!principal) throw new Error('This route is open to people who are not signed in');
  return principal;
}

/** Who is asking, person or machine: for routes that declare a scope for API keys. */
export const Who = createParamDecorator((): Actor => {
  const actor = currentActor();
  if (!actor) throw new Error('This route is open to people who are not signed in');
  return actor;
});
