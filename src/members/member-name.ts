/** SQL of a member's name, else the e-mail address, by the id of the profile; null where it is out of reach. */
export function memberName(id: string): string {
  return `(SELECT coalesce(m.display_name, u.email) FROM user_profile m
    JOIN users u ON u.id = m.user_id WHERE m.id = ${id})`;
}
