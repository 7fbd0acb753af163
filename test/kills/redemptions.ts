import { createHash } from 'node:crypto';
import type { Exchange, Life } from './relay.ts';

const TOKEN_PATH = /\/oauth2\/v2\.0\/token$/;

interface Redemption {
  readonly life: Life;
  readonly askedAt: number;
  /** Milliseconds since the epoch; null while the OP is at it. */
  answeredAt: number | null;
}

interface TokenResponse {
  readonly refresh_token?: string;
  readonly client_info?: string;
}

/** Every redemption of a refresh token as it reaches the OP, by token: who redeemed it, and when. */
export class Redemptions {
  readonly #byToken = new Map<string, Redemption[]>();
  readonly #owners = new Map<string, string>();

  /** For the relay: a call to the OP, and what becomes of it. */
  watch({ life, path, body }: Exchange): (status: number, body: Buffer) => void {
    if (!TOKEN_PATH.test(path.split('?')[0] ?? '')) return () => {};
    const token = new URLSearchParams(body.toString()).get('refresh_token');
    const redemption: Redemption = { life, askedAt: Date.now(), answeredAt: null };
    if (token !== null) this.#of(token).push(redemption);
    return (status, answer) => {
      redemption.answeredAt = Date.now();
      if (status === 200) this.#learn(JSON.parse(answer.toString()));
    };
  }

  /** How many reached the OP. */
  get count(): number {
    return [...this.#byToken.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** How many were of a token that had been redeemed before. */
  get repeated(): number {
    return [...this.#byToken.values()].reduce((sum, { length }) => sum + length - 1, 0);
  }

  /** Whether a holder of one of this person's refresh tokens was killed: what may cost them a new sign-in. */
  holderKilled(oid: string): boolean {
    return [...this.#byToken].some(([hash, all]) => this.#owners.get(hash) === oid && all.some(wasCut));
  }

  /** Tokens redeemed by two at once, or again while an earlier holder lived. */
  violations(): string[] {
    const found: string[] = [];
    for (const redemptions of this.#byToken.values()) {
      for (const [place, later] of redemptions.entries()) {
        for (const earlier of redemptions.slice(0, place)) {
          if (earlier.answeredAt === null || earlier.answeredAt > later.askedAt) {
            found.push('a refresh token was redeemed by two at once');
          }
          const { killedAt } = earlier.life;
          if (killedAt === null || killedAt > later.askedAt) {
            found.push('a refresh token was redeemed again while its first holder lived');
          }
        }
      }
    }
    return found;
  }

  #learn({ refresh_token: token, client_info: info }: TokenResponse): void {
    if (token === undefined || info === undefined) return;
    const { uid } = JSON.parse(Buffer.from(info, 'base64url').toString()) as { uid: string };
    this.#owners.set(hashOf(token), uid);
  }

  #of(token: string): Redemption[] {
    const hash = hashOf(token);
    const redemptions = this.#byToken.get(hash) ?? [];
    this.#byToken.set(hash, redemptions);
    return redemptions;
  }
}

/** From the redemption to the write of what came of it is less than this, however slow the machine. */
const WRITE_BACK_MILLISECONDS_MAX = 5_000;

function wasCut({ life, askedAt }: Redemption): boolean {
  return life.killedAt !== null && life.killedAt - askedAt < WRITE_BACK_MILLISECONDS_MAX;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
