/**
 * npm run bench [-- …]: Atrium beside other servers (beside.mjs). With --growth: Atrium by itself on databases of
 * several sizes (growth.mjs). Each says which options it takes.
 */
await import(process.argv.includes('--growth') ? './growth.mjs' : './beside.mjs');
