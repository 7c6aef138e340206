/** Maximum number of characters of a file's name. */
export const LONGEST_FILE_NAME = 200;

/** Media types by the ending of the name; files of any other are sent as bytes. */
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
};

/** The media type by which a file of this name is sent. */
export function mediaTypeOf(name: string): string {
  const ending = endingOf(name).slice(1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : 'application/octet-stream';
}

/**
 * The name under which an upload is shown and saved: without folders, control characters, characters that change the
 * direction of text (with which `cod.exe` looks like `exe.doc`), and those that file systems refuse. At most 200
 * characters, the ending kept; `file` where nothing remains.
 */
export function cleanFileName(sent: string): string {
  const base = sent.normalize('NFC').toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = base
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (name.length <= LONGEST_FILE_NAME) return name || 'file';
  const ending = endingOf(name);
  return name.slice(0, LONGEST_FILE_NAME - ending.length).toWellFormed() + ending;
}

/** `.pdf`; blank where there is none. */
function endingOf(name: string): string {
  return /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
}
