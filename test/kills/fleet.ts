import type { SpawnedHost } from '../../local/host/spawn.ts';
import { Browser } from '../http/support/browser.ts';
import { type Answer, type Sent, send } from '../http/support/wire.ts';
import type { World } from '../http/support/world.ts';
import type { Redemptions } from './redemptions.ts';
import { type CutAt, type Life, Relay } from './relay.ts';

/** Beyond the longest that a call waits for another's lease. */
const ANSWER_MILLISECONDS_MAX = 60_000;

/** What a request is for, by its path. */
const KINDS: readonly (readonly [string, string])[] = [
  ['/auth/signout-callback', 'front-channel sign-out'],
  ['/auth/signout', 'own sign-out'],
  ['/auth/callback', 'sign-in'],
  ['/auth/signin', 'setting out'],
  ['/api/', 'API call'],
];

/** A request whose instance was killed before it had answered: whoever sent it knows nothing. */
export class Unanswered extends Error {}

/** What one kill did. */
export interface Kill {
  readonly life: Life;
  /** Requests that never got an answer, by what they were for; complete once all of them have broken off. */
  readonly unanswered: string[];
  readonly calls: readonly { readonly service: string; readonly at: CutAt }[];
}

interface Instance {
  readonly relay: Relay;
  host: SpawnedHost | undefined;
  life: Life;
  /** Calls sent out and answers received since the storm began. */
  moments: number;
  awaited: { readonly moment: number; reached(): void } | undefined;
}

/** Several instances of one application behind its one origin, any of which can be killed at any moment. */
export class Fleet {
  readonly kills: Kill[] = [];
  readonly #world: World;
  readonly #random: () => number;
  readonly #instances: Instance[] = [];

  constructor(world: World, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  async start(count: number, redemptions: Redemptions): Promise<void> {
    const { azurite, op } = this.#world;
    const tables = /TableEndpoint=(http:\/\/[^/;]+)/.exec(azurite.tablesConnectionString)?.[1] ?? '';
    for (let place = 0; place < count; place += 1) {
      const relay = new Relay({
        tables,
        op: new URL(op.metadataUrl).origin,
        random: this.#random,
        onMoment: (life) => this.#moment(life),
        onOpCall: (call) => redemptions.watch(call),
      });
      await relay.open();
      const life = { instance: place, killedAt: null };
      this.#instances.push({ relay, host: undefined, life, moments: 0, awaited: undefined });
    }
    await Promise.all(this.#instances.map((instance) => this.#raise(instance)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#instances.map(({ host }) => host?.stop()));
    await Promise.all(this.#instances.map(({ relay }) => relay.close()));
  }

  get size(): number {
    return this.#instances.length;
  }

  /** A new browser, whose requests to the application go to whichever instance. */
  browser(jar?: Browser['jar']): Browser {
    return new Browser(jar, (url, sent) => this.#send(url, sent));
  }

  /** From now on an instance's moments count from zero. */
  startCounting(): void {
    for (const instance of this.#instances) instance.moments = 0;
  }

  /** Settles within the instance's nth moment since counting began: a call goes out or an answer has come. */
  moment(place: number, nth: number): Promise<void> {
    const instance = this.#at(place);
    return new Promise((resolve) => {
      instance.awaited = { moment: nth, reached: resolve };
    });
  }

  /** Kills an instance as it stands, and starts another in its place; resolves when that one listens. */
  async kill(place: number): Promise<Kill> {
    const instance = this.#at(place);
    const { life, host, relay } = instance;
    const dead = host?.stop('SIGKILL');
    life.killedAt = Date.now();
    const kill: Kill = { life, unanswered: [], calls: relay.cut(life) };
    this.kills.push(kill);
    await dead;
    instance.life = { instance: place, killedAt: null };
    instance.host = undefined;
    instance.awaited = undefined;
    await this.#raise(instance);
    return kill;
  }

  async #raise(instance: Instance): Promise<void> {
    const { relay, life } = instance;
    relay.serve(life);
    const { app, op, azurite } = this.#world;
    instance.host = await this.#world.startInstance(app, {
      TABLES_CONNECTION_STRING: azurite.tablesConnectionString.replace(
        /TableEndpoint=http:\/\/[^/;]+/,
        `TableEndpoint=${relay.origin}`,
      ),
      AUTH_METADATA_URL: op.metadataUrl.replace(new URL(op.metadataUrl).origin, relay.origin),
    });
  }

  async #send(url: string, sent: Sent = {}): Promise<Answer> {
    const { origin, pathname } = new URL(url);
    if (origin !== this.#world.app.origin) return send(url, sent);
    const living = this.#instances.filter(({ life, host }) => life.killedAt === null && host !== undefined);
    const { host, life } = living[Math.floor(this.#random() * living.length)] as Instance;
    const kind = KINDS.find(([path]) => pathname.startsWith(path))?.[1] ?? 'look';
    const answer = send(url, { ...sent, port: host?.port ?? 0 }).catch(() => {
      if (life.killedAt === null) throw new Error(`${kind}: an instance that lives broke off`);
      this.kills.find((kill) => kill.life === life)?.unanswered.push(kind);
      throw new Unanswered(kind);
    });
    return inTime(answer, kind);
  }

  #moment(life: Life): void {
    const instance = this.#at(life.instance);
    if (instance.life !== life) return;
    instance.moments += 1;
    if (instance.awaited && instance.moments >= instance.awaited.moment) {
      instance.awaited.reached();
      instance.awaited = undefined;
    }
  }

  #at(place: number): Instance {
    const instance = this.#instances[place];
    if (instance === undefined) throw new RangeError('no such instance');
    return instance;
  }
}

/** A request that hangs would hang the test: it fails and says which. */
async function inTime<T>(answer: Promise<T>, kind: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${kind}: no answer in a minute`)), ANSWER_MILLISECONDS_MAX);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
