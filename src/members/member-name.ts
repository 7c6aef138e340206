/** SQL of a member's name, else the e-mail address, by the id of the profile; null where it is out of reach. */
export function memberName(id: string): string {
  return `(SELECT coalesce(m.display_name, u.email) FROM user_profile m
    JOIN users u ON u.id = m.user_id WHERE m.id = ${id})`;
}

/** SQL of the ids of active members with one of these names or e-mail addresses, an array in lower case. */
export function memberIds(names: string): string {
  return `SELECT DISTINCT m.id, lower(called.name) AS title FROM user_profile m
    JOIN users u ON u.id = m.user_id
    CROSS JOIN LATERAL (VALUES (m.display_name), (u.email)) AS called (name)
    WHERE m.tenant_id = (SELECT app_tenant_id()) AND m.is_active AND m.account_open
      AND m.deleted_at IS NULL AND lower(called.name) = ANY (${names})`;
}
