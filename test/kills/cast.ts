import type { User } from '../../local/op/op.ts';
import type { SessionId } from '../../shared/account/session-record.ts';
import { type Browser, locationOf } from '../http/support/browser.ts';
import { callBack, finish, goToCallback } from '../http/support/sign-in.ts';
import type { World } from '../http/support/world.ts';
import type { Fleet } from './fleet.ts';
import { insist } from './insist.ts';
import type { Redemptions } from './redemptions.ts';
import type { Witness } from './witness.ts';

export interface Stage {
  readonly world: World;
  readonly fleet: Fleet;
  readonly redemptions: Redemptions;
  readonly witness: Witness;
}

/** Something that a person wants done: repeated until it is acknowledged. */
export type Errand = () => Promise<void>;

/** A browser with a session or on its way to one, at the OP session of that `sid`. */
interface Tab {
  readonly browser: Browser;
  readonly sid: string;
  readonly callback: string;
}

/** One person of a storm, what they do at once, and what they may be told. */
export class Member {
  readonly person: User;
  readonly browsers: Browser[] = [];
  /** What stood before the storm. */
  standing: readonly SessionId[] = [];
  /** Whether a sign-out of theirs has been sent: from then on a session may be found gone. */
  signsOut = false;
  /** Where all their sign-outs name one `sid` and nothing else ends a session, even a late "already signed out" buries it. */
  readonly oneSid: boolean;
  readonly #stage: Stage;

  constructor(stage: Stage, oneSid: boolean) {
    this.#stage = stage;
    this.person = stage.world.newPerson();
    this.oneSid = oneSid;
  }

  /** As far as the callback; at the OP session of another tab, or at a new one. */
  async arrive(beside?: Tab): Promise<Tab> {
    const { world, fleet } = this.#stage;
    const browser = fleet.browser(beside?.browser.jar.copy());
    browser.jar.store(new URL(world.app.origin).hostname, ['__Host-session=; Path=/; Secure; Max-Age=0']);
    const callback = await goToCallback(browser, world.app, this.person);
    return { browser, callback, sid: new URL(callback).searchParams.get('session_state') ?? '' };
  }

  /** Sets out once more in a browser that is signed in: the new session takes the place of the old one. */
  async arriveAgain(tab: Tab): Promise<Tab> {
    return { ...tab, callback: await goToCallback(tab.browser, this.#stage.world.app, this.person) };
  }

  /** All the way, before the storm. */
  async signIn(beside?: Tab): Promise<Tab> {
    const tab = await this.arrive(beside);
    const answer = await callBack(tab.browser, tab.callback);
    if (locationOf(answer)?.origin !== this.#stage.world.app.origin) throw new Error(`not let in: ${answer.status}`);
    this.browsers.push(tab.browser);
    return tab;
  }

  async takeStock(): Promise<void> {
    const standing = await this.#stage.witness.lookAt(this.person, 'before the storm');
    this.standing = (standing ?? []).map(({ id }) => id);
  }

  /** The OP's frame asks until it is told that all is gone. */
  frontChannel({ sid }: Tab): Errand {
    const { world, fleet, witness } = this.#stage;
    return async () => {
      let sentAt = 0;
      await insist(
        'a front-channel sign-out',
        () => {
          this.signsOut = true;
          sentAt = Date.now();
          return fleet.browser().frame(`${world.app.origin}/auth/signout-callback?sid=${sid}`, world.op.origin);
        },
        ({ status }) => status === 200,
      );
      witness.promise({ by: 'a front-channel sign-out', person: this.person, ids: this.standing, sid, sentAt });
      await witness.lookAt(this.person, 'right after a front-channel sign-out');
    };
  }

  /** The person presses the button until it brings them away. */
  own({ browser, sid }: Tab): Errand {
    const { world, witness } = this.#stage;
    const { origin } = world.app;
    return async () => {
      let sentAt = 0;
      const answer = await insist(
        'an own sign-out',
        () => {
          this.signsOut = true;
          sentAt = Date.now();
          return browser.submit(`${origin}/auth/signout`, {}, origin);
        },
        ({ status }) => status === 303,
      );
      // Without a hint for the OP nothing stood any more: another sign-out was first, and what it named is what went.
      const ended = locationOf(answer)?.searchParams.has('logout_hint') === true;
      const buried = ended || this.oneSid ? sid : null;
      witness.promise({ by: 'an own sign-out', person: this.person, ids: this.standing, sid: buried, sentAt });
      await witness.lookAt(this.person, 'right after an own sign-out');
    };
  }

  /** The person reloads the page until it says something. */
  comeBack(
    { browser, callback }: Tab,
    mayFail: () => boolean,
    replaces: () => readonly SessionId[] = () => [],
  ): Errand {
    const { world, witness } = this.#stage;
    const { app } = world;
    this.browsers.push(browser);
    return async () => {
      let cut = false;
      const answer = await insist(
        'a callback',
        () => finish(browser, app, this.person, callback),
        ({ status }) => status < 500,
        () => {
          cut = true;
        },
      );
      if (locationOf(answer)?.origin !== app.origin) {
        if (!cut && !mayFail()) throw new Error(`a sign-in that nothing disturbed was refused: ${answer.status}`);
        return;
      }
      const by = 'a sign-in in its place';
      witness.promise({ by, person: this.person, ids: replaces(), sid: null, sentAt: 0 });
    };
  }

  /** A script calls the API until it gets an answer, or is told to sign in, for which there must be a reason. */
  callApi({ browser }: { readonly browser: Browser }): Errand {
    const { world, redemptions } = this.#stage;
    return async () => {
      const { status } = await insist(
        'an API call',
        () => browser.fetch(`${world.app.origin}/api/odd/items/1`, { headers: { 'x-csrf': '1' } }),
        (answer) => answer.status === 200 || answer.status === 401,
      );
      if (status === 401 && !this.signsOut && !redemptions.holderKilled(this.person.oid)) {
        throw new Error('a session was lost though nobody signed out and no holder was killed');
      }
    };
  }
}
