import { type RestError, TableClient } from '@azure/data-tables';
import { type SessionData, Store } from 'express-session';

const ROW_KEY = 'session';

type Done<T = void> = (error?: unknown, value?: T | null) => void;

/**
 * A session store of `express-session` in Table Storage, one entity a session, written as those for Redis are: a read a
 * request, and with `touch` also a write that moves the end of the session.
 *
 * @see https://github.com/tj/connect-redis whose `disableTouch` is the choice here
 */
export class TableSessionStore extends Store {
  readonly #table: TableClient;

  constructor(connectionString: string, disableTouch: boolean) {
    super();
    this.#table = TableClient.fromConnectionString(connectionString, 'usualsessions', {
      allowInsecureConnection: true,
    });
    // The library asks for it by looking whether it is there.
    if (!disableTouch) this.touch = this.#touch;
  }

  override get(id: string, done: Done<SessionData>): void {
    this.#table.getEntity<SessionRow>(id, ROW_KEY).then(
      ({ data, expires }) => done(null, expires.getTime() > Date.now() ? JSON.parse(data) : null),
      (error: RestError) => (error.statusCode === 404 ? done(null, null) : done(error)),
    );
  }

  override set(id: string, session: SessionData, done: Done = () => {}): void {
    const row = { partitionKey: id, rowKey: ROW_KEY, ...sessionRow(session) };
    this.#table.upsertEntity(row, 'Replace').then(() => done(), done);
  }

  override destroy(id: string, done: Done = () => {}): void {
    this.#table.deleteEntity(id, ROW_KEY).then(() => done(), done);
  }

  #touch(id: string, session: SessionData, done: Done = () => {}): void {
    const row = { partitionKey: id, rowKey: ROW_KEY, expires: endOf(session) };
    this.#table.updateEntity(row, 'Merge').then(() => done(), done);
  }
}

interface SessionRow {
  readonly data: string;
  readonly expires: Date;
}

export function sessionRow(session: SessionData): SessionRow {
  return { data: JSON.stringify(session), expires: endOf(session) };
}

const endOf = ({ cookie }: SessionData): Date => new Date(cookie.expires ?? Date.now() + 86_400_000);
