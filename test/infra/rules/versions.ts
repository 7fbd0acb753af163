import { walk } from '../support/bicep/walk.ts';
import type { Infra } from '../support/infra.ts';
import { type Rule, where } from '../support/rule.ts';

const TABLES = 'infra/modules/token-tables.bicep';

/** The day against which versions are old: tests do not change their mind overnight. Move it on when versions are looked through. */
const LOOKED_THROUGH_ON = new Date('2026-11-29');
const YEARS_MAX = 3;
const YEAR_MILLISECONDS = 365.25 * 24 * 3600 * 1000;

/** Versions that are older or a preview, each with what speaks for it. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'Microsoft.Authorization/roleAssignments@2022-04-01': 'the newest stable one',
  'Microsoft.Insights/components@2020-02-02': 'the newest stable one',
  'Microsoft.Insights/diagnosticSettings@2021-05-01-preview':
    'the stable one, of 2016, knows no Log Analytics tables of their own',
  'Microsoft.Insights/workbooks@2023-06-01': 'the newest stable one',
  'Microsoft.Insights/metricAlerts@2018-03-01': 'the newest stable one',
  'Microsoft.Insights/actionGroups@2023-01-01': 'the newest stable one',
};

export const VERSION_RULES: readonly Rule[] = [
  {
    name: 'versions of APIs are dates, stable, and of the last years',
    check: (infra) =>
      resourcesIn(infra)
        .filter(({ type }) => !isGraph(type))
        .flatMap((one) => {
          const problem = problemWithVersion(one.type, one.apiVersion ?? '');
          return problem === null ? [] : [where(one, `${one.type}@${one.apiVersion} ${problem}`)];
        }),
    mutations: [
      {
        file: TABLES,
        replace: 'Microsoft.Storage/storageAccounts@2025-01-01',
        by: 'Microsoft.Storage/storageAccounts@2019-06-01',
      },
      {
        file: TABLES,
        replace: 'Microsoft.Storage/storageAccounts@2025-01-01',
        by: 'Microsoft.Storage/storageAccounts@2025-01-01-preview',
      },
      {
        file: TABLES,
        replace: 'Microsoft.Storage/storageAccounts@2025-01-01',
        by: 'Microsoft.Storage/storageAccounts@latest',
      },
      {
        file: TABLES,
        replace: 'Microsoft.Storage/storageAccounts@2025-01-01',
        by: 'Microsoft.Storage/storageAccounts@2027-01-01',
      },
    ],
  },
  {
    name: 'nothing speaks for a version that nobody uses',
    check: (infra) => {
      const used = new Set(resourcesIn(infra).map(({ type, apiVersion }) => `${type}@${apiVersion}`));
      return Object.keys(EXCEPTIONS).filter((version) => !used.has(version));
    },
    mutations: [
      {
        file: 'infra/modules/observability.bicep',
        replace: 'Microsoft.Insights/components@2020-02-02',
        by: 'Microsoft.Insights/components@2025-01-23-preview',
      },
    ],
  },
  {
    name: 'a type of resource has one version everywhere',
    check: (infra) => {
      const versions = Map.groupBy(resourcesIn(infra), ({ type }) =>
        type.split('/').slice(0, 2).join('/').toLowerCase(),
      );
      return [...versions].flatMap(([type, found]) => {
        const distinct = new Set(found.map(({ apiVersion }) => apiVersion));
        return distinct.size > 1 && !isGraph(type) ? [`${type}: ${[...distinct].join(', ')}`] : [];
      });
    },
    mutations: [
      {
        file: TABLES,
        replace: 'Microsoft.Storage/storageAccounts@2025-01-01',
        by: 'Microsoft.Storage/storageAccounts@2024-01-01',
      },
    ],
  },
];

const isGraph = (type: string): boolean => /^(?:microsoft\.graph\/|federatedIdentityCredentials$)/i.test(type);

const resourcesIn = ({ files }: Infra) =>
  files.flatMap((file) => [...walk(file.declarations)].filter((part) => part.kind === 'resource'));

function problemWithVersion(type: string, version: string): string | null {
  if (Object.hasOwn(EXCEPTIONS, `${type}@${version}`)) return null;
  const [, date, preview] = /^(\d{4}-\d\d-\d\d)(-preview)?$/.exec(version) ?? [];
  if (date === undefined || Number.isNaN(Date.parse(date))) return 'is no date';
  if (preview !== undefined) return 'is a preview';
  const years = (LOOKED_THROUGH_ON.getTime() - Date.parse(date)) / YEAR_MILLISECONDS;
  if (years < 0) return 'is of the future';
  return years > YEARS_MAX ? `is older than ${YEARS_MAX} years` : null;
}
