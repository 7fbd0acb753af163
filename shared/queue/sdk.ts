/** What is used here of the Storage SDK: a bundle of its own, since nobody needs it while storage works. */
export { QueueServiceClient } from '@azure/storage-queue';
