import { origin } from './origin.ts';
import { APPLICATION_SETTINGS } from './registry/application.ts';
import { BROWSER_SETTINGS } from './registry/browsers.ts';
import type { SettingDefinition } from './registry/definition.ts';
import { DOOR_SETTINGS } from './registry/doors.ts';
import { OP_SETTINGS } from './registry/op.ts';
import { SESSION_SETTINGS } from './registry/sessions.ts';
import { STORAGE_SETTINGS } from './registry/storage.ts';

/** Every setting, in the order in which a person meets them. Read by `parseSettings`; the README's table is made from it. */
export const SETTINGS = {
  PUBLIC_ORIGIN: {
    meaning: "This application's own origin: the one source of scheme and host for the URLs that it makes.",
    example: 'https://app.contoso.com',
    required: 'yes',
    schema: origin,
  },
  ...OP_SETTINGS,
  ...STORAGE_SETTINGS,
  ...SESSION_SETTINGS,
  ...APPLICATION_SETTINGS,
  ...BROWSER_SETTINGS,
  ...DOOR_SETTINGS,
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof SETTINGS;

/** What each setting's text was read as; undefined where nothing was set and the registry has no default. */
export type SettingValues = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends { required: 'yes' } | { default: string }
    ? SchemaOutput<(typeof SETTINGS)[N]>
    : SchemaOutput<(typeof SETTINGS)[N]> | undefined;
};

type SchemaOutput<D> = D extends SettingDefinition<infer T> ? T : never;
