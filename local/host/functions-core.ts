/**
 * The part of `@azure/functions-core` that `@azure/functions` 4.16 asks for. That module is on no registry: Azure's
 * Node.js worker hands it out at run time, so its types are written down here as the library's source uses them.
 */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

/** One value on its way between host and worker (the worker protocol's `TypedData`). */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttp;
}

export interface RpcNullable<T> {
  value: T;
}

export interface RpcCookie {
  name: string;
  value: string;
  domain?: RpcNullable<string>;
  path?: RpcNullable<string>;
  expires?: RpcNullable<{ seconds: number }>;
  secure?: RpcNullable<boolean>;
  httpOnly?: RpcNullable<boolean>;
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: RpcNullable<number>;
}

export interface RpcHttp {
  method?: string;
  url?: string;
  nullableHeaders?: Record<string, RpcNullable<string>>;
  nullableQuery?: Record<string, RpcNullable<string>>;
  nullableParams?: Record<string, RpcNullable<string>>;
  body?: TypedData | null;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: RpcCookie[];
}

export interface Binding extends Record<string, unknown> {
  type: string;
  direction: 'in' | 'out' | 'inout';
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface InvocationRequest {
  invocationId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
}

export interface InvocationResponse {
  returnValue?: TypedData | null;
}

export interface CoreInvocationContext {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: LogLevel, category: LogCategory, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type HookCallback = (context: Record<string, unknown>) => unknown;
