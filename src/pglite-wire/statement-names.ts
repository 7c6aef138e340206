import { createHash } from 'node:crypto';
import { closeStatement, code, message, statementKind } from './messages.js';

/** PostgreSQL silently cuts longer names (NAMEDATALEN - 1). */
const MAX_NAME_BYTES = 63;

/**
 * Named statements belong to a connection, yet all connections share one backend: each session's
 * names get its own prefix. Portals need none, since they end before the gate changes hands.
 */
export class StatementNames {
  private readonly prepared = new Set<string>();
  private unnamedIsOurs = false;

  constructor(private readonly sessionId: number) {}

  /** Replaces the statement name in a message by the backend's name. */
  rewrite(bytes: Buffer): Buffer {
    switch (bytes[0]) {
      case code.parse:
        return this.renamed(bytes, 5, true);
      case code.bind:
        return this.renamed(bytes, endOfString(bytes, 5) + 1, false);
      case code.describe:
      case code.close:
        return bytes[5] === statementKind ? this.renamed(bytes, 6, false) : bytes;
      default:
        return bytes;
    }
  }

  /**
   * Called when the gate was released: another session may replace the unnamed statement, so binding it again
   * takes a Parse.
   */
  gateWasLeft(): void {
    this.unnamedIsOurs = false;
  }

  /** Messages that close all prepared statements of this session. */
  closeAll(): Buffer[] {
    const messages = [...this.prepared].map(closeStatement);
    this.prepared.clear();
    return messages;
  }

  private renamed(bytes: Buffer, nameAt: number, isParse: boolean): Buffer {
    const nameEnd = endOfString(bytes, nameAt);
    if (nameEnd === nameAt) {
      this.unnamedIsOurs ||= isParse;
      if (this.unnamedIsOurs || bytes[0] === code.close) return bytes;
    }
    const name = this.backendName(bytes.subarray(nameAt, nameEnd));
    if (isParse) this.prepared.add(name);
    if (bytes[0] === code.close) this.prepared.delete(name);
    return message(
      bytes[0] ?? 0,
      bytes.subarray(5, nameAt),
      name,
      bytes.subarray(Math.min(nameEnd + 1, bytes.length)),
    );
  }

  private backendName(name: Buffer): string {
    const readable = `${this.sessionId}/${name.toString('utf8')}`;
    if (Buffer.byteLength(readable) <= MAX_NAME_BYTES) return readable;
    return `${this.sessionId}#${createHash('sha1').update(name).digest('hex')}`;
  }
}

function endOfString(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from);
  return end === -1 ? bytes.length : end;
}
