/** What the upstream answers to whoever this is: small, as most answers are, and another one for everybody. */
export function answerTo(userId: string): string {
  return JSON.stringify({
    '@odata.context': 'https://graph.example/v1.0/$metadata#users/$entity',
    id: userId.padEnd(36, '0'),
    displayName: `Person ${userId}`.padEnd(32),
    mail: `${userId}@contoso.example`.padEnd(32),
    businessPhones: ['+1 425 555 0109'],
    jobTitle: 'Retail Manager',
    officeLocation: '18/2111',
    preferredLanguage: 'en-US',
  });
}

/** What is answered by a subject that asks nobody: as many bytes. */
export const ANSWER_TO_NOBODY = answerTo('nobody');
