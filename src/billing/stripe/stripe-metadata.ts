/** Keys of the metadata that objects at Stripe carry: how they are found again. */
export const TENANT = 'tenant_id';
export const CHECKOUT = 'checkout_id';
