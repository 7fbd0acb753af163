import { describe, expect, it } from '@jest/globals';
import { findSecrets } from '../e2e/support/search.ts';
import { directoryWorld, nextEnding } from './support/directory.ts';
import { bringIn } from './support/sign-in.ts';
import { localReceiver } from './support/telemetry.ts';

const world = directoryWorld();
const receiver = localReceiver();

describe("what the directory's door waits for", () => {
  it('is drawn under its timer and its queue, and names no user, no token and no subscription', async () => {
    const app = await world.startSubscribed(receiver.settings);
    const { person } = await bringIn(world, world.newPerson(), app);
    const [kept] = world.graph.subscriptionsOf(app.clientId);
    const receipt = nextEnding(app);
    await world.graph.act(person.oid, 'disable');
    await receipt;

    const under = (name: string, invocation: string): boolean => {
      const invocations = receiver.spans().filter((span) => span.name === invocation && span.kind === 1);
      return receiver
        .spans()
        .some((span) => span.name === name && invocations.some(({ spanId }) => spanId === span.parentSpanId));
    };
    await receiver.until(() => under('GET graph', 'directory-events'));
    expect(under('POST token', 'directory-subscription')).toBe(true);
    expect(under('POST graph', 'directory-subscription')).toBe(true);
    const seen = receiver.bodies.map((body) => ({ where: 'telemetry', bytes: Buffer.from(body) }));
    const secrets = [...world.op.issued, app.clientSecret, person.oid, kept?.clientState ?? '', kept?.id ?? ''];
    expect(findSecrets(secrets, seen)).toEqual([]);
  });
});
