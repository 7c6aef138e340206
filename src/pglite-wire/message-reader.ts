/** Maximum length of a message; a larger one means that the peer does not speak the protocol. */
const MAX_LENGTH = 256 * 1024 * 1024;

export class ProtocolViolation extends Error {}

/** Splits a byte stream into complete messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private chunks: Buffer[] = [];
  private size = 0;
  private needed = 0;
  /** False until the startup packet was read: until then messages have no type byte. */
  private typed = false;

  startupIsDone(): void {
    this.typed = true;
  }

  *read(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.size += chunk.length;
    // Chunks of a large message are joined once, when it is complete.
    if (this.size < this.needed) return;
    this.rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.size);
    try {
      for (let length = this.nextLength(); length > 0; length = this.nextLength()) {
        const whole = this.rest.subarray(0, length);
        this.rest = this.rest.subarray(length);
        yield whole;
      }
    } finally {
      this.chunks = this.rest.length > 0 ? [this.rest] : [];
      this.size = this.rest.length;
    }
  }

  /** Length of the next message; 0 while it is incomplete. */
  private nextLength(): number {
    const lengthAt = this.typed ? 1 : 0;
    this.needed = lengthAt + 4;
    if (this.rest.length < this.needed) return 0;
    const length = this.rest.readUInt32BE(lengthAt);
    if (length < 4 || length > MAX_LENGTH) throw new ProtocolViolation('invalid message length');
    this.needed = lengthAt + length;
    if (this.rest.length < this.needed) return 0;
    const whole = this.needed;
    this.needed = 0;
    return whole;
  }
}
