import type { Spec } from '../catalogue.ts';

const TLS_OF_PLATFORM = 'TLS is that of the platform in front of the function app; nothing here sets it';

export const rfc8935: Spec = {
  id: 'rfc8935',
  title: 'RFC 8935, Push-Based Security Event Token (SET) Delivery Using HTTP',
  url: 'https://www.rfc-editor.org/rfc/rfc8935',
  part: 'what binds a SET recipient',
  counted: 'by reading the text in a copy that could be read but not kept',
  sections: [
    {
      section: '2',
      requirements: [
        {
          id: '2-validated',
          keyword: 'SHALL',
          says: 'A SET is parsed, authentic, for us, and of the transmitter that is configured; else it ends nothing.',
        },
        { id: '2-immediately', keyword: 'SHOULD', says: 'A SET that is valid and safely kept is answered at once.' },
        {
          id: '2-no-processing',
          keyword: 'SHOULD NOT',
          keywords: 2,
          says: 'Nothing is done about a SET before it is answered, and what is left is done afterwards.',
          deviates:
            'the sign-out is done before the answer (a few calls to storage): after an answer Azure Functions may run nothing any more, and a 202 must be true; where storage fails, a durable message goes on',
        },
        { id: '2-repeated', keyword: 'MUST', says: 'A SET that comes again is answered as at first.' },
        {
          id: '2-retransmission',
          keyword: 'MUST NOT',
          says: 'Once a SET is acknowledged, all that it names is gone; nothing waits for it to come again.',
        },
      ],
      others: { keywords: 2, who: 'the transmitter' },
    },
    {
      section: '2.2',
      requirements: [
        { id: '2.2-accepted', keyword: 'SHALL', says: 'A valid SET is answered 202.' },
        { id: '2.2-empty', keyword: 'MUST', says: 'The answer has no body.' },
      ],
    },
    {
      section: '2.3',
      requirements: [
        { id: '2.3-bad-request', keyword: 'SHALL', says: 'A SET that does not parse or pass is answered 400.' },
        {
          id: '2.3-json',
          keyword: 'MUST',
          keywords: 2,
          says: 'The refusal is `application/json` with `err` and `description`.',
        },
        { id: '2.3-language', keyword: 'MUST', says: 'The refusal says by `Content-Language` what language it is in.' },
        {
          id: '2.3-choice',
          keyword: 'SHOULD',
          says: 'Of several languages that of `Accept-Language` is chosen.',
          notApplicable:
            'there is one (§2.3: "if the SET Recipient can provide error descriptions in multiple languages")',
        },
        { id: '2.3-english', keyword: 'MUST', says: 'The description can be understood by those who read English.' },
      ],
    },
    {
      section: '2.4',
      requirements: [{ id: '2.4-codes', keyword: 'MUST', says: '`err` is one of the registered codes.' }],
    },
    {
      section: '4',
      requirements: [
        {
          id: '4-reliability',
          keyword: 'SHOULD',
          says: 'It is known what errors and retries cost.',
          notApplicable: 'an appeal to implementers that no run can show; `docs/adr/` has the thoughts (0007)',
        },
      ],
    },
    {
      section: '5.3',
      requirements: [
        {
          id: '5.3-confidential',
          keyword: 'MUST',
          says: 'What a SET says of people is kept confidential: no answer repeats it.',
        },
        {
          id: '5.3-tls',
          keyword: 'MUST',
          keywords: 4,
          says: 'The endpoint has TLS, 1.2 or newer, set up well.',
          notApplicable: TLS_OF_PLATFORM,
        },
      ],
      others: { keywords: 1, who: 'the transmitter' },
    },
    {
      section: '5.5',
      requirements: [
        {
          id: '5.5-signed',
          keyword: 'SHOULD',
          says: 'SETs that are validated later are signed.',
          notApplicable:
            'none is kept to be validated later (§5.5: "if the SET Recipient requires"); an unsigned one is refused anyway',
        },
      ],
    },
    {
      section: '6',
      requirements: [
        {
          id: '6-agreements',
          keyword: 'MUST',
          says: 'There are agreements and consent for what is shared.',
          notApplicable: 'binds the organizations and no program (§6: "legal agreements")',
        },
        {
          id: '6-encrypted',
          keyword: 'MUST',
          says: 'What needs confidentiality travels encrypted.',
          notApplicable: TLS_OF_PLATFORM,
        },
      ],
    },
  ],
  elsewhere: [
    { sections: ['1.1', 'A'], because: 'notation, and an appendix that is not normative' },
    { sections: ['2.1', '3'], because: 'bind the transmitter: its request, its check of our certificate' },
    { sections: ['7.1', '7.1.1'], because: 'bind who registers error codes' },
  ],
};
