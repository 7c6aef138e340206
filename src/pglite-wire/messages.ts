/**
 * The messages of PostgreSQL's wire protocol 3.0 that are read or written here:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export const code = {
  parse: 0x50,
  bind: 0x42,
  describe: 0x44,
  execute: 0x45,
  close: 0x43,
  flush: 0x48,
  sync: 0x53,
  query: 0x51,
  terminate: 0x58,
  password: 0x70,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
} as const;

export const statementKind = 0x53;

/** Transaction status in ReadyForQuery: idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export function message(type: number | string, ...body: (Buffer | string)[]): Buffer {
  const parts = body.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part));
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const head = Buffer.allocUnsafe(5);
  head[0] = typeof type === 'string' ? type.charCodeAt(0) : type;
  head.writeInt32BE(length, 1);
  return Buffer.concat([head, ...parts], length + 1);
}

export const query = (sql: string): Buffer => message(code.query, sql);
export const sync = message(code.sync);
export const copyFail = message(
  code.copyFail,
  'COPY FROM STDIN is not available on the embedded database',
);

export function closeStatement(name: string): Buffer {
  return message(code.close, Buffer.from([statementKind]), name);
}

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function fatalError(sqlState: string, text: string): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${sqlState}`, `M${text}`];
  return message('E', ...fields, Buffer.from([0]));
}

/** Messages that a server sends after accepting a connection. */
export function greeting(sessionId: number, parameters: ReadonlyMap<string, string>): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  return Buffer.concat([
    message('R', number(0)),
    ...[...parameters].map(([name, value]) => message('S', name, value)),
    message('K', number(sessionId), number(0)),
    message('Z', Buffer.from('I')),
  ]);
}
