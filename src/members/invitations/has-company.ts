/** SQL: whether the organisation has another active member than the profile `$1`, or an invitation that is waiting. */
export const HAS_COMPANY = `EXISTS (SELECT FROM user_profile p
    WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.id <> $1
      AND p.is_active AND p.account_open AND p.deleted_at IS NULL)
  OR EXISTS (SELECT FROM invitation i WHERE i.tenant_id = (SELECT app_tenant_id())
    AND i.state = 'pending' AND i.expires_at > now() AND i.deleted_at IS NULL)`;
