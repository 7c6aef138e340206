import { createParamDecorator } from '@nestjs/common';
import type { Actor, Principal } from '../../context/principal.js';
import { currentActor, currentContext } from '../../context/request-context.js';

/** The signed-in person. Only for routes that admit neither visitors nor API keys. */
export const CurrentUser = createParamDecorator((): Principal => me());

export function me(): Principal {
  const { principal } = currentContext();
  if (!principal) throw new Error('This route is open to people who are not signed in');
  return principal;
}

/** The current actor, person or API key: for routes that declare a permission. */
export const CurrentActor = createParamDecorator((): Actor => {
  const actor = currentActor();
  if (!actor) throw new Error('This route is open to people who are not signed in');
  return actor;
});
