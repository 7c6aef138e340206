/** The types of all declarations; `src/features.ts` merges them in. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface Registry {}

type Declared = Registry extends { features: readonly (infer F)[] } ? F : never;

/** Union of the names that all features declare under `Part`. */
type Names<Part extends string, From = Declared> =
  From extends Record<Part, infer Declarations> ? keyof Declarations & string : never;

type Audit<From = Declared> = From extends { audit: infer A } ? A : never;

/** Permissions in an organisation; those that are not for people only are scopes of the API. */
export type Permission = Names<'permissions'>;
/** What an organisation has only where it bought it. */
export type EntitlementName = Names<'entitlements'>;
/** What an organisation has so many of as it bought. */
export type LimitName = Names<'limits'>;
export type FlagName = Names<'flags'>;
export type RateLimitName = Names<'rateLimits'>;
export type OnboardingStepName = Names<'onboardingSteps'>;
export type AuditAction = Names<'actions', Audit>;
export type AuditKind = Names<'kinds', Audit>;
export type AuditField = Names<'fields', Audit>;

export type StorageFolder = Names<'storageFolders'>;
/** A folder of images: also the name of the form field they are uploaded in. */
export type ImageFolder = ImageFolders;
/** A folder of files as they were uploaded. */
export type FileFolder = FileFolders;
type FileFolders<From = Declared> = From extends { storageFolders: infer F }
  ? { [Name in keyof F]: F[Name] extends { holds: 'files' } ? Name : never }[keyof F] & string
  : never;
type ImageFolders<From = Declared> = From extends { storageFolders: infer F }
  ? { [Name in keyof F]: F[Name] extends { holds: 'images' } ? Name : never }[keyof F] & string
  : never;

/** A kind of notification. */
export type NotificationKind = Names<'notifications'>;
/** The values of its sentence. */
export type NotificationData<K extends NotificationKind> = K extends NotificationKind
  ? DataOf<K>
  : never;
type DataOf<K extends string, From = Declared> = From extends {
  notifications: Record<K, { data?: infer Data }>;
}
  ? Data
  : never;

export type MailTemplate = Names<'mails'>;
/** What subject and views of a mail are given. */
export type MailModel<T extends MailTemplate> = T extends MailTemplate ? ModelOf<T> : never;
type ModelOf<T extends string, From = Declared> = From extends {
  mails: Record<T, { model?: infer Model }>;
}
  ? Model
  : never;
