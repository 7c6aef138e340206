import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { ListDto } from '../core/http/api/list.dto.js';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { NameField, TokenField } from '../core/http/forms/fields.js';
import { JsonField } from '../core/http/forms/value-fields.js';
import {
  AssertionDto,
  CredentialDto,
  LONGEST_ANSWER,
} from '../users/second-factors/passkey-answer.dto.js';
import { CHALLENGE_MINUTES } from './challenges.js';
import { LONGEST_NAME } from './passkeys.forms.js';
import type { PasskeyRow } from './passkeys.repository.js';

/** What an authenticator made (WebAuthn Level 3 §5.2.1). Everything in base64url. */
class AttestationResponseDto {
  /** JSON with the challenge and the origin, as the client made it. */
  @ApiProperty({ example: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoi4oCmIn0' })
  clientDataJSON: string;
  /** The new public key, with the attestation "none". */
  @ApiProperty({ example: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVjE4oCm' })
  attestationObject: string;
  /** How the authenticator can be reached; not read. */
  @ApiPropertyOptional({ type: [String], example: ['internal'] }) transports?: string[];
}

/**
 * `RegistrationResponseJSON` (WebAuthn Level 3 §5.1): the answer to the options of a new passkey. Members that are not
 * named here are ignored.
 */
class AttestationDto extends CredentialDto {
  @ApiProperty({ type: AttestationResponseDto }) response: AttestationResponseDto;
}

/** `POST /api/v1/auth/passkey`. */
export class PasskeySignInDto {
  /** `token` of the options that the passkey answers. */
  @TokenField() token: string;
  @JsonField({ schema: AssertionDto, max: LONGEST_ANSWER }) passkey: string;
}

/** `POST /api/v1/auth/second-factor/options`. */
export class SecondFactorTokenDto {
  /** `second_factor_token` of the refused sign-in. */
  @TokenField() token: string;
}

/** What can be changed of a passkey. */
export class PasskeyChangesDto {
  /** By which the person recognises it. */
  @NameField({ max: LONGEST_NAME }) name: string;
}

/** Body of a PATCH: any of the properties (for the API document). */
export class PasskeyPatchDto extends PartialType(PasskeyChangesDto) {}

/** `POST /api/v1/me/passkeys`. */
export class NewPasskeyDto extends PasskeyChangesDto {
  @JsonField({ schema: AttestationDto, max: LONGEST_ANSWER }) passkey: string;
}

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.5). */
class RequestOptionsDto {
  /** The relying party: the host of this installation. */
  @ApiProperty({ example: 'app.example.com' }) rpId: string;
  /** Base64url; to be answered once. */
  @ApiProperty({ example: 'pT2Qb9l0bWkZ8y3m5uJr8wGXq1c4X0nS7k2vYh6dEo9a' }) challenge: string;
  /** Milliseconds that the person has. */
  @ApiProperty({ type: 'integer', example: 300_000 }) timeout: number;
  /** The authenticator verifies the person: PIN, finger or face. */
  @ApiProperty({ enum: ['required'] }) userVerification: 'required';
}

/** What a client needs to ask for a passkey. */
export class PasskeyRequestDto {
  /** Seconds in which the challenge can be answered. */
  @ApiProperty({ type: 'integer', example: 600 }) expires_in: number;
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`, or the platform's own function. */
  @ApiProperty({ type: RequestOptionsDto }) public_key: RequestOptionsDto;
}

/** The same for a sign-in, which nobody has begun yet. */
export class PasskeySignInRequestDto extends PasskeyRequestDto {
  /** Sent with the answer, which only signs in together with it. */
  @ApiProperty({
    minLength: 43,
    maxLength: 43,
    example: 'k0vQ2m8cXq3R1v9dT6yB4nZ7sL5wE0hG2jK8pF1aU3c',
  })
  token: string;
}

class RelyingPartyDto {
  @ApiProperty({ example: 'app.example.com' }) id: string;
  @ApiProperty({ example: 'Atrium' }) name: string;
}

class PasskeyUserDto {
  /** Base64url; names nobody. */
  @ApiProperty({ example: 'AZehsgAAcACAAAAAAAAAAA' }) id: string;
  @ApiProperty({ example: 'ann@example.com' }) name: string;
  @ApiProperty({ example: 'Ann' }) displayName: string;
}

class AlgorithmDto {
  @ApiProperty({ enum: ['public-key'] }) type: 'public-key';
  /** COSE: ES256, EdDSA, RS256. */
  @ApiProperty({ type: 'integer', enum: [-7, -8, -257] }) alg: number;
}

class KnownPasskeyDto {
  @ApiProperty({ enum: ['public-key'] }) type: 'public-key';
  /** Base64url. */
  @ApiProperty({ example: '3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs' }) id: string;
}

class AuthenticatorSelectionDto {
  @ApiProperty({ enum: ['required'] }) residentKey: 'required';
  @ApiProperty({ enum: [true] }) requireResidentKey: boolean;
  @ApiProperty({ enum: ['required'] }) userVerification: 'required';
}

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.4). */
class CreationOptionsDto {
  @ApiProperty({ type: RelyingPartyDto }) rp: RelyingPartyDto;
  @ApiProperty({ type: PasskeyUserDto }) user: PasskeyUserDto;
  /** Base64url; to be answered once, in this session. */
  @ApiProperty({ example: 'pT2Qb9l0bWkZ8y3m5uJr8wGXq1c4X0nS7k2vYh6dEo9a' }) challenge: string;
  @ApiProperty({ type: [AlgorithmDto] }) pubKeyCredParams: AlgorithmDto[];
  /** Milliseconds that the person has. */
  @ApiProperty({ type: 'integer', example: 300_000 }) timeout: number;
  /** The person's passkeys, which are not made again. */
  @ApiProperty({ type: [KnownPasskeyDto] }) excludeCredentials: KnownPasskeyDto[];
  @ApiProperty({ type: AuthenticatorSelectionDto })
  authenticatorSelection: AuthenticatorSelectionDto;
  @ApiProperty({ enum: ['none'] }) attestation: 'none';
  @ApiProperty({ type: [String], example: [] }) hints: string[];
  @ApiProperty({ type: 'object', additionalProperties: true, example: { credProps: true } })
  extensions: object;
}

/** What a client needs to make a passkey. */
export class NewPasskeyRequestDto {
  /** Seconds in which the challenge can be answered. */
  @ApiProperty({ type: 'integer', example: 600 }) expires_in: number;
  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`, or the platform's own function. */
  @ApiProperty({ type: CreationOptionsDto }) public_key: CreationOptionsDto;
}

/** A passkey, without its key. */
export class PasskeyDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ minLength: 1, maxLength: LONGEST_NAME, example: 'My phone' }) name: string;
  /** Whether it is synced among the person's devices. */
  @ApiProperty() synced: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) last_used_at: Date | null;
}

/** Has one page. */
export class PasskeyListDto extends ListDto {
  @ApiProperty({ type: [PasskeyDto] }) items: PasskeyDto[];
}

/** A passkey that was added. */
export class AddedPasskeyDto extends PasskeyDto {
  /** Recovery codes, which come with the first second factor and are told this once; null where the person has some. */
  @ApiProperty({
    type: [String],
    nullable: true,
    example: ['ABCD-EFGH-JKMN-PQRS-TVWX-YZ23'],
  })
  recovery_codes: string[] | null;
}

export function passkeyRequestDto(
  options: PublicKeyCredentialRequestOptionsJSON,
): PasskeyRequestDto {
  return { expires_in: CHALLENGE_MINUTES * 60, public_key: options as RequestOptionsDto };
}

export function newPasskeyRequestDto(
  options: PublicKeyCredentialCreationOptionsJSON,
): NewPasskeyRequestDto {
  return { expires_in: CHALLENGE_MINUTES * 60, public_key: options as CreationOptionsDto };
}

export function passkeyDto({
  id,
  name,
  isBackedUp,
  createdAt,
  lastUsedAt,
}: PasskeyRow): PasskeyDto {
  return { id, name, synced: isBackedUp, created_at: createdAt, last_used_at: lastUsedAt };
}
