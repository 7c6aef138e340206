/**
 * Asked once the rows that are about to change are locked: what it sees is still true when they are
 * written. @throws whatever refuses the change
 */
export type Precondition = () => void | Promise<void>;
