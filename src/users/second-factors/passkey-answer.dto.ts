import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Characters of an answer as JSON: about 1,000, with a certificate of the maker some more. Longer ones are none. */
export const LONGEST_ANSWER = 16_384;

/** What every answer of an authenticator has (`PublicKeyCredential.toJSON()`, WebAuthn Level 3 §5.1). */
export class CredentialDto {
  /** Id of the passkey, base64url. */
  @ApiProperty({ example: '3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs' }) id: string;
  /** The same. */
  @ApiProperty({ example: '3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs' }) rawId: string;
  @ApiProperty({ enum: ['public-key'] }) type: 'public-key';
  /** Answers of extensions; none is read. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  clientExtensionResults: object;
  /** Not read. */
  @ApiPropertyOptional({ example: 'platform' }) authenticatorAttachment?: string;
}

/** What an authenticator signed (WebAuthn Level 3 §5.2.2). Everything in base64url. */
class AssertionResponseDto {
  /** JSON with the challenge and the origin, as the client made it. */
  @ApiProperty({ example: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoi4oCmIn0' })
  clientDataJSON: string;
  @ApiProperty({ example: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ' })
  authenticatorData: string;
  @ApiProperty({ example: 'MEUCIQCx1xJ2kZ3g8l0Wm3cQx8pZ5A2eH5rY0bq4mS8nT6uVwQIgK7s' })
  signature: string;
  /** The account it signs for; required where nobody is known yet. */
  @ApiPropertyOptional({ example: 'AZehsgAAcACAAAAAAAAAAA' }) userHandle?: string;
}

/**
 * `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1): the answer to the options of a sign-in, as browsers and
 * native clients write it. Members that are not named here are ignored.
 */
export class AssertionDto extends CredentialDto {
  @ApiProperty({ type: AssertionResponseDto }) response: AssertionResponseDto;
}
