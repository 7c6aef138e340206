/** A file that each row has at most one of: no column, but an attachment with a name (`files` of `subjects`). */
export const file = {
  name: 'file',
  isFile: true,
  problemOf: ({ isRequired, isUnique, isSearchable, fallback }) =>
    isRequired || isUnique || isSearchable || fallback !== undefined
      ? 'a row is there before its files, which are added on its page: leave out ! and modifiers'
      : undefined,
};
