/** Filters of a list that somebody saved, above the list. */
export interface ShownSavedLists {
  links: ReadonlyArray<{
    href: string;
    text: string;
    /** By whom, of one that others share. */
    sharedBy: string | null;
    isCurrent: boolean;
  }>;
  /** The page where one's own are changed. */
  manageUrl: string;
  hasOwn: boolean;
}

/** The filters that staff saved of a list. Implemented by the back office's feature. */
export abstract class SavedLists {
  /** @param query what stands after `?` in the address that is shown now */
  abstract of(list: { path: string }, query: string): Promise<ShownSavedLists>;
}
