/** What the package offers: whoever uses it imports this file and no other. */
export { EmbeddedDatabase, type EmbeddedOptions } from './embedded-database.js';
export { joinEmbedded, type EmbeddedAccess } from './join-embedded.js';
export { EngineCrashError, FolderInUseError } from './errors.js';
