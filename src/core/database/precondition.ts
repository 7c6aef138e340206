/**
 * Check that runs after the rows to change were locked, so that it still holds when they are written.
 * @throws DomainError to refuse the change
 */
export type Precondition = () => void | Promise<void>;
