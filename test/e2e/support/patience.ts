import { jest } from '@jest/globals';

/** A browser, two applications and an OP on a small machine take their time; what is awaited are events all the same. */
jest.setTimeout(60_000);
