/**
 * SQL expressions that read a masked address of an entry in full from the row it belongs to, where row-level
 * security and grants allow it. An address that has changed or was deleted since stays masked.
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
    /** For readers who may read invitations but no accounts. */
    invitedName: inFull(
      'subject_name',
      `SELECT CASE ${entry}.subject_kind WHEN 'invitation' THEN (${invitation}) END AS email`,
    ),
  };
}
