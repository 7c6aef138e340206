/** The client side of a session, as the session sees it. */
export interface Peer {
  send(bytes: Buffer): void;
  /** Ends the connection after everything that was sent. */
  hangUp(): void;
  fail(error: Error): void;
}

/** The server side of a connection, as the connection sees it. */
export interface ServerSide {
  receive(chunk: Buffer): void;
  finish(): void;
  abandon(): void;
}
