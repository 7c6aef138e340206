import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

interface CreationOptions {
  challenge: string;
  user: { id: string };
}

/** What the authenticator, or the page it is asked by, does wrong. */
export interface Quirks {
  /** Of the page that asks. */
  origin?: string;
  /** Of the relying party it signs for. */
  rpId?: string;
  /** Did not verify the person. */
  isUnverified?: boolean;
  /** Its signature counter; default: one more than before. */
  counter?: number;
  /** Another challenge than it was given. */
  challenge?: string;
  /** Makes a P-384 key (ES384, COSE -35), which was not asked for. */
  isES384?: boolean;
  /** Length of the id of the passkey that it makes; 32. */
  idBytes?: number;
  /** The account it says it signs for. */
  userHandle?: string;
  /** The credential it says it used. */
  credentialId?: string;
  /** `webauthn.get` in place of `webauthn.create`, or the other way round. */
  type?: string;
}

/** An authenticator in software, with one passkey (Web Authentication Level 3 §6, attestation "none"). */
export class SoftwareAuthenticator {
  credentialId = '';
  private key!: KeyObject;
  private userHandle = '';
  private counter = 0;

  constructor(
    private readonly origin = 'http://atrium.test',
    private readonly rpId = 'atrium.test',
  ) {}

  /** Answers `navigator.credentials.create`, as `PublicKeyCredential.toJSON()` writes it. */
  create({ challenge, user }: CreationOptions, quirks: Quirks = {}): string {
    const namedCurve = quirks.isES384 ? 'P-384' : 'P-256';
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const id = randomBytes(quirks.idBytes ?? 32);
    this.key = privateKey;
    this.credentialId = id.toString('base64url');
    this.userHandle = user.id;
    const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    const cose = map([
      [unsigned(1), unsigned(2)],
      [unsigned(3), negative(quirks.isES384 ? -35 : -7)],
      [negative(-1), unsigned(quirks.isES384 ? 2 : 1)],
      [negative(-2), bytes(Buffer.from(x, 'base64url'))],
      [negative(-3), bytes(Buffer.from(y, 'base64url'))],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, cose]);
    const authData = Buffer.concat([this.header(quirks, 0x40), attested]);
    const attestationObject = map([
      [text('fmt'), text('none')],
      [text('attStmt'), map([])],
      [text('authData'), bytes(authData)],
    ]);
    return this.answer({
      clientDataJSON: this.clientData('webauthn.create', challenge, quirks).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get`. */
  get({ challenge }: { challenge: string }, quirks: Quirks = {}): string {
    this.counter = quirks.counter ?? this.counter + 1;
    const authenticatorData = this.header(quirks, 0);
    const clientDataJSON = this.clientData('webauthn.get', challenge, quirks);
    const hash = createHash('sha256').update(clientDataJSON).digest();
    const signed = Buffer.concat([authenticatorData, hash]);
    return this.answer(
      {
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, this.key).toString('base64url'),
        userHandle: quirks.userHandle ?? this.userHandle,
      },
      quirks.credentialId,
    );
  }

  private answer(response: object, id = this.credentialId): string {
    const rest = { type: 'public-key', clientExtensionResults: {} };
    return JSON.stringify({ id, rawId: id, response, ...rest });
  }

  private header({ rpId = this.rpId, isUnverified, counter }: Quirks, flags: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    const present = 0x01 | (isUnverified ? 0 : 0x04) | flags;
    return Buffer.concat([
      createHash('sha256').update(rpId).digest(),
      Buffer.from([present]),
      count,
    ]);
  }

  private clientData(type: string, challenge: string, quirks: Quirks): Buffer {
    const { origin = this.origin } = quirks;
    const given = { type: quirks.type ?? type, challenge: quirks.challenge ?? challenge, origin };
    return Buffer.from(JSON.stringify({ ...given, crossOrigin: false }));
  }
}

/** CBOR (RFC 8949), as far as it is needed here. */
function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

const unsigned = (value: number) => head(0, value);
const negative = (value: number) => head(1, -1 - value);
const bytes = (value: Buffer) => Buffer.concat([head(2, value.length), value]);
const text = (value: string) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const map = (entries: [Buffer, Buffer][]) =>
  Buffer.concat([head(5, entries.length), ...entries.flat()]);
