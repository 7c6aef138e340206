import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class FieldErrorDto {
  @ApiProperty({
    description: 'JSON pointer into the body (RFC 6901), or `/name` of a query parameter',
    example: '/email',
  })
  pointer: string;
  @ApiProperty() detail: string;
}

/** Body of every refusal (RFC 9457). Texts are in the language of the request. */
export class ProblemDto {
  @ApiProperty({ format: 'uri-reference', example: 'about:blank' }) type: string;
  @ApiProperty({ example: 'The input cannot be accepted' }) title: string;
  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 422 }) status: number;
  @ApiPropertyOptional() detail?: string;
  @ApiPropertyOptional({ format: 'uri-reference' }) instance?: string;
  @ApiPropertyOptional({ type: [FieldErrorDto] }) errors?: FieldErrorDto[];
  @ApiPropertyOptional({
    description: 'With type `…/problems/onboarding-required`: the step to take first',
    enum: ['email', 'profile', 'tenant', 'second_factor'],
  })
  next_step?: 'email' | 'profile' | 'tenant' | 'second_factor';
  @ApiPropertyOptional({
    description:
      'With type `…/problems/second-factor-required`: the token for `POST /api/v1/auth/second-factor`',
  })
  second_factor_token?: string;
  @ApiPropertyOptional({
    type: 'integer',
    description: 'With type `…/problems/second-factor-required`: seconds the token is valid',
    example: 600,
  })
  expires_in?: number;
  @ApiPropertyOptional({
    type: [String],
    description:
      'With types `…/problems/second-factor-required` and `…/problems/step-up-required`: kinds of second factors the person has',
    example: ['totp'],
  })
  second_factors?: string[];
  @ApiPropertyOptional({
    description: 'With type `…/problems/insufficient-scope`: what the API key is not allowed',
    example: 'members:write',
  })
  scope?: string;
}
