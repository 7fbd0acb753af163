import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const FOLDER = '.github/workflows';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: unknown;
  readonly 'timeout-minutes'?: number;
}

interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Rule {
  readonly name: string;
  /** What goes against it, each in words. */
  readonly check: (workflows: readonly Workflow[]) => readonly string[];
  /** Each alone has to be noticed: file, text, what takes its place. */
  readonly mutations: readonly (readonly [string, string | RegExp, string])[];
}

const texts = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(`${FOLDER}/${name}`, 'utf8')]));

const read = (sources: ReadonlyMap<string, string>): readonly Workflow[] =>
  [...sources].map(([file, text]) => ({ file, text, ...parse(text) }));

const jobsOf = (workflows: readonly Workflow[]) =>
  workflows.flatMap(({ file, jobs }) =>
    Object.entries(jobs).map(([name, job]) => ({ where: `${file}: ${name}`, file, job })),
  );

const stepsOf = (workflows: readonly Workflow[]) =>
  jobsOf(workflows).flatMap(({ where, file, job }) => (job.steps ?? []).map((step) => ({ where, file, step })));

const deployOf = (workflows: readonly Workflow[]) => workflows.find(({ file }) => file === 'deploy.yml')?.jobs.deploy;

/** What a job may be granted, by the file that it is in. */
const GRANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'check.yml': { contents: 'read' },
  'what-if.yml': { contents: 'read', 'id-token': 'write' },
  'deploy.yml': { contents: 'read', 'id-token': 'write' },
};

/** What `infra/main.parameters.json` takes from variables; who deploys, azd knows and what-if is told. */
const PARAMETER_VARIABLES = [
  ...readFileSync('infra/main.parameters.json', 'utf8').matchAll(/\$\{((?:EXEUNT_|AZURE_ENV_)[A-Z_]+)/g),
].map(([, name = '']) => name);

const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1';

const RULES: readonly Rule[] = [
  {
    name: 'every action is pinned by a whole commit id, with the version that it is beside it',
    check: (workflows) =>
      workflows.flatMap(({ file, text }) =>
        text
          .split('\n')
          .filter((line) => /^\s*(?:- )?uses:/.test(line) && !/uses: \.\//.test(line))
          .filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      ),
    mutations: [
      ['check.yml', `${CHECKOUT} # v7.0.1`, 'actions/checkout@v7'],
      ['check.yml', `${CHECKOUT} # v7.0.1`, CHECKOUT],
      ['deploy.yml', 'azure/setup-azd@0b7e3a35', 'azure/setup-azd@0b7e3a3'],
    ],
  },
  {
    name: 'nothing may be done that is not said, and each job says no more than it needs',
    check: (workflows) => [
      ...workflows
        .filter(({ permissions }) => JSON.stringify(permissions) !== '{}')
        .map(({ file }) => `${file}: not {} by default`),
      ...jobsOf(workflows).flatMap(({ where, file, job: { permissions } }) => {
        if (permissions === undefined) return [`${where}: says none`];
        const granted = GRANTS[file] ?? {};
        return Object.entries(permissions)
          .filter(([name, level]) => level !== 'none' && granted[name] !== level)
          .map(([name, level]) => `${where}: ${name}: ${level}`);
      }),
    ],
    mutations: [
      ['check.yml', 'permissions: {}', 'permissions: write-all'],
      ['check.yml', 'permissions: {}\n', ''],
      ['check.yml', '      contents: read', '      contents: write'],
      ['check.yml', '      contents: read', '      contents: read\n      id-token: write'],
    ],
  },
  {
    name: 'there is no secret',
    check: (workflows) =>
      workflows
        .filter(({ text }) => /\bsecrets\b\s*[.:[]|github\.token|GITHUB_TOKEN/.test(text))
        .map(({ file }) => file),
    mutations: [
      ['deploy.yml', '${{ vars.AZURE_CLIENT_ID }}', '${{ secrets.AZURE_CLIENT_ID }}'],
      [
        'deploy.yml',
        '    uses: ./.github/workflows/check.yml',
        '    uses: ./.github/workflows/check.yml\n    secrets: inherit',
      ],
    ],
  },
  {
    name: "a pull request's code never runs with more than a pull request's rights",
    check: (workflows) =>
      workflows.flatMap(({ file, on }) =>
        Object.keys(on)
          .filter((event) => !['pull_request', 'push', 'workflow_call', 'workflow_dispatch'].includes(event))
          .map((event) => `${file}: ${event}`),
      ),
    mutations: [
      ['check.yml', '  pull_request:\n', '  pull_request_target:\n'],
      ['deploy.yml', '  workflow_dispatch:\n', '  workflow_run:\n    workflows: [check]\n'],
    ],
  },
  {
    name: 'no token stays in the checkout for what runs after it',
    check: (workflows) =>
      stepsOf(workflows)
        .filter(
          ({ step }) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false,
        )
        .map(({ where }) => where),
    mutations: [
      ['check.yml', 'persist-credentials: false', 'persist-credentials: true'],
      ['deploy.yml', '        with:\n          persist-credentials: false\n', ''],
    ],
  },
  {
    // A branch can be called `$(…)`: values reach a script as variables, never as its text.
    name: 'no script has an expression in it',
    check: (workflows) =>
      stepsOf(workflows)
        .filter(({ step }) => step.run?.includes('${{'))
        .map(({ where }) => where),
    mutations: [['what-if.yml', '"$RESOURCE_GROUP"', '"${{ github.head_ref }}"']],
  },
  {
    name: 'a script that fails midway fails',
    check: (workflows) => workflows.filter(({ defaults }) => defaults?.run?.shell !== 'bash').map(({ file }) => file),
    mutations: [['what-if.yml', '    shell: bash', '    shell: sh']],
  },
  {
    name: 'every job ends by itself, and runs on an image that is named',
    check: (workflows) =>
      jobsOf(workflows)
        .filter(({ job }) => job.uses === undefined && !(Number(job['timeout-minutes']) <= 60))
        .map(({ where }) => where)
        .concat(workflows.filter(({ text }) => text.includes('-latest')).map(({ file }) => file)),
    mutations: [
      ['check.yml', '    timeout-minutes: 60\n', ''],
      ['check.yml', 'ubuntu-24.04', 'ubuntu-latest'],
    ],
  },
  {
    name: 'deployed is from main alone, in an environment, and never two at once or half',
    check: (workflows) => {
      const deploy = deployOf(workflows);
      const { on = {}, concurrency } = workflows.find(({ file }) => file === 'deploy.yml') ?? {};
      const branches = (on.push as { branches?: readonly string[] } | undefined)?.branches ?? [];
      return [
        ...(deploy?.if?.includes("github.ref == 'refs/heads/main'") ? [] : ['from any branch']),
        ...(branches.join() === 'main' && !('pull_request' in on) ? [] : [`at ${Object.keys(on)} of ${branches}`]),
        ...((deploy?.environment as { name?: string } | undefined)?.name === 'production' ? [] : ['in no environment']),
        ...(concurrency?.['cancel-in-progress'] === false ? [] : ['may be cut off']),
        ...jobsOf(workflows)
          .filter(
            ({ where, job }) =>
              where !== 'deploy.yml: deploy' &&
              JSON.stringify(job.steps ?? []).match(/azd (?:up|provision|deploy)|deployment group create/),
          )
          .map(({ where }) => where),
      ];
    },
    mutations: [
      ['deploy.yml', "github.ref == 'refs/heads/main' && ", ''],
      ['deploy.yml', 'branches: [main]', "branches: ['**']"],
      ['deploy.yml', / {4}environment:\n {6}name: production\n/, '    environment:\n'],
      ['deploy.yml', 'cancel-in-progress: false', 'cancel-in-progress: true'],
      ['what-if.yml', 'deployment group what-if', 'deployment group create'],
    ],
  },
  {
    name: 'deployed is what was tested: the same file, after all checks',
    check: (workflows) => {
      const deploy = deployOf(workflows);
      const test = workflows.find(({ file }) => file === 'check.yml')?.jobs.test;
      const check = workflows.find(({ file }) => file === 'deploy.yml')?.jobs.check;
      const uploaded = test?.steps?.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))?.with;
      const downloaded = deploy?.steps?.find(({ uses }) => uses?.startsWith('actions/download-artifact@'))?.with;
      const isTaken = deploy?.steps?.some(({ run }) => run?.includes('--from-package release/exeunt.zip'));
      return [
        ...(check?.uses === './.github/workflows/check.yml' && deploy?.needs === 'check' ? [] : ['without the checks']),
        ...(test?.steps?.some(({ run }) => run === '.ci/run') ? [] : ['.ci/run is not run']),
        ...(String(uploaded?.path).includes('release/exeunt.zip') ? [] : ['the package is not kept']),
        ...(uploaded?.name === downloaded?.name && downloaded?.path === 'release' ? [] : ['it is not fetched']),
        ...(isTaken ? [] : ['another is deployed']),
      ];
    },
    mutations: [
      ['deploy.yml', '    needs: check\n', ''],
      ['check.yml', 'run: .ci/run', 'run: npm ci'],
      ['check.yml', '            release/exeunt.zip\n', ''],
      ['deploy.yml', 'name: release\n', 'name: other\n'],
      ['deploy.yml', ' --from-package release/exeunt.zip', ''],
    ],
  },
  {
    name: 'what would change is asked for a branch of this repository alone, and nothing is done without the ids that it takes',
    check: (workflows) => {
      const job = workflows.find(({ file }) => file === 'what-if.yml')?.jobs['what-if'];
      const isOurs = job?.if?.includes('github.event.pull_request.head.repo.full_name == github.repository');
      return [
        ...(isOurs ? [] : ["for a fork's too"]),
        ...(job?.if?.includes("vars.AZURE_WHAT_IF_CLIENT_ID != ''") ? [] : ['without an identity']),
        ...(deployOf(workflows)?.if?.includes("vars.AZURE_CLIENT_ID != ''") ? [] : ['deployed without an identity']),
        ...(JSON.stringify(job).includes('vars.AZURE_CLIENT_ID') ? ['by the identity that deploys'] : []),
        ...(JSON.stringify(job).includes('--validation-level ProviderNoRbac') ? [] : ['by one that may write']),
      ];
    },
    mutations: [
      ['what-if.yml', 'github.event.pull_request.head.repo.full_name == github.repository && ', ''],
      ['what-if.yml', 'client-id: ${{ vars.AZURE_WHAT_IF_CLIENT_ID }}', 'client-id: ${{ vars.AZURE_CLIENT_ID }}'],
      ['deploy.yml', " && vars.AZURE_CLIENT_ID != ''", ''],
      ['what-if.yml', /^\s*--validation-level ProviderNoRbac .*\n/m, ''],
    ],
  },
  {
    // One that is left out is deployed as its default: a private network that somebody turned on would be off again.
    name: 'whatever can be set for a deployment is set for that from GitHub, and for what is asked of it',
    check: (workflows) =>
      ['deploy.yml', 'what-if.yml'].flatMap((file) => {
        const text = workflows.find((one) => one.file === file)?.text ?? '';
        const isSet = (name: string) => text.includes(` ${name}: \${{ vars.${name} }}\n`);
        return PARAMETER_VARIABLES.filter((name) => !isSet(name)).map((name) => `${file}: ${name}`);
      }),
    mutations: [
      ['deploy.yml', /^\s*EXEUNT_SESSIONS_NOT_BEFORE: .*\n/m, ''],
      ['deploy.yml', 'vars.EXEUNT_PRIVATE_NETWORK', 'vars.EXEUNT_OPERATOR_DOOR'],
      ['what-if.yml', /^\s*EXEUNT_AUTHORITY: .*\n/m, ''],
    ],
  },
  {
    name: 'templates are compiled and linted by Bicep itself, and new dependencies are looked through',
    check: (workflows) => {
      const all = JSON.stringify(stepsOf(workflows.filter(({ file }) => file === 'check.yml')));
      const needed = [
        'az bicep build --file infra/main.bicep',
        'az bicep lint --file infra/main.bicep 2>&1 | tee bicep.txt',
        "if grep --quiet ' : Warning ' bicep.txt; then exit 1; fi",
        'dependency-review-action@',
      ];
      return needed.filter((one) => !all.includes(one));
    },
    mutations: [
      ['check.yml', /^\s*az bicep build .*\n/m, ''],
      ['check.yml', /^\s*az bicep lint .*\n/m, ''],
      ['check.yml', /^\s*if grep --quiet .*\n/m, ''],
      ['check.yml', 'actions/dependency-review-action@', 'actions/dependency-action@'],
    ],
  },
];

describe.each(RULES)('$name', ({ check, mutations }) => {
  it('holds', () => {
    expect(check(read(texts))).toEqual([]);
  });

  it.each(mutations)('is noticed to be broken in %s: "%s" by "%s"', (file, text, by) => {
    const before = texts.get(file) ?? '';
    const after = before.replace(text, () => by);
    expect(after).not.toBe(before);
    expect(check(read(new Map([...texts, [file, after]])))).not.toEqual([]);
  });
});

it('every rule is shown to notice something', () => {
  expect(RULES.filter(({ mutations }) => mutations.length === 0)).toEqual([]);
});
