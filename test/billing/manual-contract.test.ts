import { describeProvider } from './provider-contract.js';
import { startManual } from './manual-world.js';

describeProvider(() => startManual(), { isHosted: false });
