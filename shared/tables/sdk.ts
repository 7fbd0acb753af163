/** What is used here of the Tables SDK: a bundle of its own. */
export { TableClient } from '@azure/data-tables';
