import { ManagedIdentityCredential } from '@azure/identity';
import { AzureMonitorMetricExporter, AzureMonitorTraceExporter } from '@azure/monitor-opentelemetry-exporter';
import type { Environment } from './configured.ts';
import type { Exporters } from './sdk.ts';

/** Application Insights, by connection string; by managed identity where `APPLICATIONINSIGHTS_AUTHENTICATION_STRING` says so. */
export function applicationInsightsExporters(environment: Environment): Exporters {
  // The exporter measures itself for Microsoft and asks the instance's metadata service who it is; it takes this one from the process alone.
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT ??= 'true';
  const options = {
    connectionString: environment.APPLICATIONINSIGHTS_CONNECTION_STRING as string,
    // What cannot be sent is not written to the worker's disk.
    disableOfflineStorage: true,
    ...credential(environment.APPLICATIONINSIGHTS_AUTHENTICATION_STRING),
  };
  return { metrics: new AzureMonitorMetricExporter(options), spans: new AzureMonitorTraceExporter(options) };
}

/** `Authorization=AAD` or, with a user-assigned identity, `ClientId=…;Authorization=AAD`: the form that the Functions host takes. */
export function credential(authentication = ''): { credential?: ManagedIdentityCredential } {
  const parts = new Map(
    authentication.split(';').map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toLowerCase(), value.trim()] as const;
    }),
  );
  if (parts.get('authorization')?.toUpperCase() !== 'AAD') return {};
  const clientId = parts.get('clientid');
  return { credential: clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential() };
}
