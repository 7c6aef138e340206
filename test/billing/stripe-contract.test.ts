import { describeProvider } from './provider-contract.js';
import { startStripe } from './stripe-world.js';

describeProvider(startStripe, { isHosted: true });
