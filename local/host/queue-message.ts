import type { TypedData } from './functions-core.ts';

/** What the queue extension knows of a message, as the Storage SDK has it. */
export interface ReceivedMessage {
  messageId: string;
  messageText: string;
  popReceipt: string;
  dequeueCount: number;
  insertedOn: Date;
  expiresOn: Date;
  nextVisibleOn: Date;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The message as text; undefined when the encoding is base64 and the message is not. */
export function decodeMessage(text: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') return text;
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

/** @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata */
export function queueTriggerMetadata(message: ReceivedMessage, text: string): Record<string, TypedData> {
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: JSON.stringify(message.dequeueCount) },
    ExpirationTime: { json: JSON.stringify(message.expiresOn) },
    Id: { string: message.messageId },
    InsertionTime: { json: JSON.stringify(message.insertedOn) },
    NextVisibleTime: { json: JSON.stringify(message.nextVisibleOn) },
    PopReceipt: { string: message.popReceipt },
  };
}
