import { describe, expect, it } from '@jest/globals';
import { problemsWith, settingsWith, TENANT } from './environment.ts';

describe("the settings of the directory's door", () => {
  it('want a tenant where a function app runs that door alone', () => {
    expect(problemsWith({ APPLICATION_PART: 'directory' })).toEqual({
      DIRECTORY_TENANT: 'is not set, and APPLICATION_PART=directory runs its door alone',
    });
    expect(settingsWith({ APPLICATION_PART: 'directory', DIRECTORY_TENANT: TENANT }).part).toBe('directory');
  });

  it("send a managed identity's token over https alone", () => {
    const changes = { DIRECTORY_TENANT: TENANT, DIRECTORY_GRAPH_URL: 'http://localhost:8402/v1.0' };
    expect(settingsWith(changes).doors.directory?.graphUrl).toBe('http://localhost:8402/v1.0');
    expect(problemsWith({ ...changes, DIRECTORY_MANAGED_IDENTITY_CLIENT_ID: TENANT })).toEqual({
      DIRECTORY_GRAPH_URL: 'must be https with DIRECTORY_MANAGED_IDENTITY_CLIENT_ID',
    });
  });

  it('lead to no Graph but by https, or on this machine', () => {
    const changes = { DIRECTORY_TENANT: TENANT, DIRECTORY_GRAPH_URL: 'http://graph.example/v1.0' };
    expect(Object.keys(problemsWith(changes))).toEqual(['DIRECTORY_GRAPH_URL']);
  });
});
