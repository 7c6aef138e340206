/**
 * Entries keep e-mail addresses masked. These SQL expressions on an entry read a name in full where it is
 * the masked address of a row that may be read: row-level security and grants decide which. An address
 * that has changed since, or is gone, stays masked.
 */
export function namesInFull(entry: string) {
  const inFull = (column: string, email: string) => {
    const name = `${entry}.${column}`;
    const masked = `left(row.email, 1) || '…' || substring(row.email FROM '@[^@]*$')`;
    return `CASE WHEN ${name} LIKE '_…@%' THEN coalesce((SELECT row.email FROM (${email}) row
      WHERE ${masked} = ${name}), ${name}) ELSE ${name} END`;
  };
  const person = (id: string) => `SELECT u.email FROM users u WHERE u.id = ${id}`;
  const subject = `${entry}.subject_id::uuid`;
  const invitation = `SELECT i.email FROM invitation i WHERE i.id = ${subject}`;
  return {
    actorName: inFull('actor_name', person(`${entry}.actor_id`)),
    staffName: inFull('staff_name', person(`${entry}.staff_id`)),
    subjectName: inFull(
      'subject_name',
      `SELECT CASE ${entry}.subject_kind
        WHEN 'invitation' THEN (${invitation})
        WHEN 'user' THEN (${person(subject)})
        WHEN 'session' THEN (SELECT u.email FROM session s JOIN users u ON u.id = s.user_id
          WHERE s.id = ${subject})
        WHEN 'profile' THEN (SELECT u.email FROM user_profile p JOIN users u ON u.id = p.user_id
          WHERE p.id = ${subject}) END AS email`,
    ),
    /** For readers who see no accounts, only invitations. */
    invitedName: inFull(
      'subject_name',
      `SELECT CASE ${entry}.subject_kind WHEN 'invitation' THEN (${invitation}) END AS email`,
    ),
  };
}
