export const TENANTS = 2_000;
export const MEMBERS_EACH = 50;
export const PASSWORD = 'copper window violin';
/** Work factor of every contestant's passwords: the product's default. */
export const BCRYPT_COST = 12;
/** Projects of each person the load comes from. */
export const PROJECTS_EACH = 200;
/** People the load comes from, spread over the organisations. */
export const PEOPLE = 16;
