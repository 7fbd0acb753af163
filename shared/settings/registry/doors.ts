import { guid, visibleText } from '../identifiers.ts';
import { webUrl } from '../origin.ts';
import { listOf } from '../text-schema.ts';
import type { SettingDefinition } from './definition.ts';

/** The doors beside the two that are always open: each is closed until what it needs is set. */
export const DOOR_SETTINGS = {
  BACKCHANNEL_MAY_LACK: {
    meaning:
      'What a logout token may lack, for OPs that leave it out: `exp`, `typ` (which may then be the general `JWT` too), or both with a space between them. Then its `iat` alone bounds it, or its `events` alone tells it from other tokens.',
    example: 'exp typ',
    required: 'no',
    default: '',
    schema: listOf(' ', ['exp', 'typ']),
  },
  OPERATOR_AUDIENCE: {
    meaning: "The `aud` of the access tokens of operators, this application's as an API: opens the operator's door.",
    example: '66666666-7777-8888-9999-000000000000',
    required: 'no',
    schema: visibleText,
  },
  OPERATOR_TENANT: {
    meaning:
      'The one tenant whose operators are believed. Required with `OPERATOR_AUDIENCE` where the authority is many tenants.',
    example: '11111111-2222-3333-4444-555555555555',
    required: 'no',
    schema: guid,
  },
  DIRECTORY_TENANT: {
    meaning:
      'The tenant whose directory tells of users who are disabled, deleted or revoked: opens the door of the directory.',
    example: '11111111-2222-3333-4444-555555555555',
    required: 'no',
    schema: guid,
  },
  DIRECTORY_GRAPH_URL: {
    meaning: 'Where Microsoft Graph is, with its version.',
    example: 'https://graph.microsoft.com/v1.0',
    required: 'no',
    default: 'https://graph.microsoft.com/v1.0',
    schema: webUrl({ httpOnLoopback: true, query: false }),
  },
  DIRECTORY_MANAGED_IDENTITY_CLIENT_ID: {
    meaning:
      'The client id of the user-assigned managed identity that may read users at Microsoft Graph (`User.Read.All`).',
    example: '11111111-2222-3333-4444-555555555555',
    required: 'no',
    otherwise: "the application's own client credential, by the client credentials grant",
    schema: guid,
  },
  SECURITY_EVENTS_ISSUER: {
    meaning: 'The `iss` of the security event tokens (RFC 8417) of a transmitter: opens the door of security events.',
    example: 'https://events.contoso.com',
    required: 'no',
    schema: visibleText,
  },
  SECURITY_EVENTS_AUDIENCE: {
    meaning: 'The `aud` of those tokens.',
    example: 'https://app.contoso.com',
    required: 'no',
    otherwise: 'as `PUBLIC_ORIGIN`',
    schema: visibleText,
  },
  SECURITY_EVENTS_JWKS_URL: {
    meaning: "Where that transmitter's keys are. Required with `SECURITY_EVENTS_ISSUER`.",
    example: 'https://events.contoso.com/keys',
    required: 'no',
    schema: webUrl({ httpOnLoopback: true, query: true }),
  },
  SECURITY_EVENTS_AUTHORIZATION: {
    meaning:
      'The `Authorization` header with which the transmitter has to come (RFC 8935 section 3), where one was agreed on.',
    example: 'Bearer the-value-that-was-agreed-on',
    required: 'no',
    schema: visibleText,
  },
  SECURITY_EVENTS_SUBJECTS: {
    meaning:
      'The subject formats (RFC 9493) that are believed: `iss_sub`, `email`, `complex` (its `session`, or its `user`), with spaces between them. By `email` whoever has that address at sign-in is ended.',
    example: 'iss_sub complex',
    required: 'no',
    default: 'iss_sub',
    schema: listOf(' ', ['iss_sub', 'email', 'complex']),
  },
} as const satisfies Record<string, SettingDefinition>;
