import { type Errand, Member, type Stage } from './cast.ts';

export type StormKind = 'sign-out' | 'sign-in' | 'refresh';

/** One person's part in a storm: what they do at once, each at its own moment. */
export interface Part {
  readonly member: Member;
  readonly errands: readonly { readonly afterMilliseconds: number; readonly run: Errand }[];
}

/** How far the beginnings of what one person does lie apart. */
const SPREAD_MILLISECONDS = 80;

type Lot = () => number;
const when = (lot: Lot, probability: number): boolean => lot() < probability;
const spread = (lot: Lot, errands: readonly Errand[]): Part['errands'] =>
  errands.map((run) => ({ afterMilliseconds: lot() * SPREAD_MILLISECONDS, run }));

/** Prepares one person for a storm; what they do is drawn before anything happens, so that a seed names it. */
export const PREPARATIONS: Readonly<Record<StormKind, (stage: Stage, lot: Lot) => Promise<Part>>> = {
  /** Signed in, on one device or two, perhaps with sign-ins under way in another tab or at another OP session. */
  async 'sign-out'(stage, lot) {
    const [secondDevice, otherTab, newcomer] = [when(lot, 0.4), when(lot, 0.5), when(lot, 0.3)];
    const [front, own, both, otherFirst] = [when(lot, 0.5), when(lot, 0.5), when(lot, 0.4), when(lot, 0.5)];
    const member = new Member(stage, !secondDevice);
    const tab = await member.signIn();
    const errands: Errand[] = [];
    if (front || both || !own) errands.push(member.frontChannel(tab));
    if (own || both) errands.push(member.own(tab));
    const mayFail = () => true;
    if (otherTab) errands.push(member.comeBack(await member.arrive(tab), mayFail));
    if (newcomer) errands.push(member.comeBack(await member.arrive(), mayFail));
    if (secondDevice) {
      const device = await member.signIn();
      if (otherFirst) errands.push(when(lot, 0.5) ? member.frontChannel(device) : member.own(device));
    }
    await member.takeStock();
    return { member, errands: spread(lot, errands) };
  },

  /** Back from the OP on several devices and tabs at once, perhaps signed in already, perhaps signing out beside it. */
  async 'sign-in'(stage, lot) {
    const [tabs, devices, signedIn, signsOut] = [
      when(lot, 0.5),
      1 + Math.floor(lot() * 2),
      when(lot, 0.4),
      when(lot, 0.4),
    ];
    const member = new Member(stage, false);
    const errands: Errand[] = [];
    const first = signedIn ? await member.signIn() : await member.arrive();
    const mayFail = () => signsOut;
    if (signedIn) errands.push(member.comeBack(await member.arriveAgain(first), mayFail, () => member.standing));
    else errands.push(member.comeBack(first, mayFail));
    for (let device = 0; device < devices; device += 1) errands.push(member.comeBack(await member.arrive(), mayFail));
    if (tabs) errands.push(member.comeBack(await member.arrive(first), mayFail));
    if (signsOut) errands.push(member.frontChannel(first));
    await member.takeStock();
    return { member, errands: spread(lot, errands) };
  },

  /** Several calls at once of one session or two of one OP session, whose access tokens have ended; perhaps a sign-out. */
  async refresh(stage, lot) {
    const [second, calls, front, own] = [when(lot, 0.4), 2 + Math.floor(lot() * 3), when(lot, 0.2), when(lot, 0.15)];
    const member = new Member(stage, false);
    const tab = await member.signIn();
    const tabs = [tab, ...(second ? [await member.signIn(tab)] : [])];
    await member.takeStock();
    // A refresh token that died with its holder ends that session alone: an own sign-out then speaks of it alone, too.
    if (own) member.standing = [];
    const errands = Array.from({ length: calls }, (_, call) => member.callApi(tabs[call % tabs.length] ?? tab));
    if (front) errands.push(member.frontChannel(tab));
    if (own) errands.push(member.own(tab));
    return { member, errands: spread(lot, errands) };
  },
};
