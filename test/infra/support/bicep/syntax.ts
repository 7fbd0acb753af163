/** Where something stands; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The text is not Bicep, or says what this reader does not know. */
export class BicepError extends Error {
  constructor({ file, line, column }: Place, problem: string) {
    super(`${file}:${line}:${column}: ${problem}`);
    this.name = 'BicepError';
  }
}

export type Scalar = string | number | boolean | null;

type At<T> = T & { readonly place: Place };

export type Expression = At<
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[]; readonly resources: readonly ResourceDeclaration[] }
  | { readonly kind: 'array'; readonly items: readonly Item[] }
  | {
      readonly kind: 'for';
      readonly item: string;
      readonly index: string | null;
      readonly over: Expression;
      readonly body: Expression;
    }
  | { readonly kind: 'if'; readonly condition: Expression; readonly body: Expression }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly isSafe: boolean }
  | {
      readonly kind: 'index';
      readonly of: Expression;
      readonly index: Expression;
      readonly isSafe: boolean;
      readonly fromEnd: boolean;
    }
  | { readonly kind: 'nested'; readonly of: Expression; readonly name: string }
  | Call
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
>;

/** `name(…)`, or `of.name(…)`. */
export interface Call {
  readonly kind: 'call';
  readonly of: Expression | null;
  readonly name: string;
  readonly args: readonly Expression[];
}

export interface Item {
  readonly isSpread: boolean;
  readonly value: Expression;
}

/** `key: value`, or `...value`. */
export type Entry = At<
  | { readonly kind: 'entry'; readonly key: Expression; readonly value: Expression }
  | { readonly kind: 'spread'; readonly value: Expression }
>;

export type BinaryOperator = keyof typeof PRECEDENCE;

/** How tightly the operators bind, as Bicep's own parser has it. */
export const PRECEDENCE = {
  '*': 100,
  '/': 100,
  '%': 100,
  '+': 90,
  '-': 90,
  '<': 80,
  '<=': 80,
  '>': 80,
  '>=': 80,
  '==': 70,
  '!=': 70,
  '=~': 70,
  '!~': 70,
  '&&': 50,
  '||': 40,
  '??': 30,
} as const;

export type Type = At<
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'optional'; readonly of: Type }
  | { readonly kind: 'union'; readonly members: readonly Type[] }
  | { readonly kind: 'object'; readonly members: readonly TypeMember[] }
  | { readonly kind: 'tuple'; readonly members: readonly TypeMember[] }
>;

export interface TypeMember extends Decorated {
  /** `*` for all others; null in a tuple. */
  readonly name: string | null;
  readonly type: Type;
}

export interface Decorator {
  /** Without `sys.`. */
  readonly name: string;
  readonly args: readonly Expression[];
}

interface Decorated {
  readonly decorators: readonly Decorator[];
}

export type ParameterDeclaration = At<
  Decorated & {
    readonly kind: 'param';
    readonly name: string;
    readonly type: Type;
    readonly default: Expression | null;
  }
>;

export type ResourceDeclaration = At<
  Decorated & {
    readonly kind: 'resource';
    readonly name: string;
    /** Of a nested one without what its parent says. */
    readonly type: string;
    readonly apiVersion: string | null;
    readonly isExisting: boolean;
    readonly value: Expression;
  }
>;

export type ModuleDeclaration = At<
  Decorated & { readonly kind: 'module'; readonly name: string; readonly path: string; readonly value: Expression }
>;

export type Declaration =
  | ParameterDeclaration
  | ResourceDeclaration
  | ModuleDeclaration
  | At<Decorated & { readonly kind: 'var'; readonly name: string; readonly value: Expression }>
  | At<Decorated & { readonly kind: 'output'; readonly name: string; readonly type: Type; readonly value: Expression }>
  | At<Decorated & { readonly kind: 'type'; readonly name: string; readonly type: Type }>
  | At<
      Decorated & {
        readonly kind: 'func';
        readonly name: string;
        readonly parameters: readonly { readonly name: string; readonly type: Type }[];
        readonly body: Expression;
      }
    >
  | At<Decorated & { readonly kind: 'targetScope'; readonly scope: string }>
  | At<Decorated & { readonly kind: 'metadata'; readonly name: string; readonly value: Expression }>
  | At<Decorated & { readonly kind: 'extension'; readonly name: string }>
  | At<
      Decorated & {
        readonly kind: 'import';
        readonly names: readonly { readonly name: string; readonly as: string }[];
        readonly path: string;
      }
    >;

export interface BicepFile {
  readonly file: string;
  readonly declarations: readonly Declaration[];
}
