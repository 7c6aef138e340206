import { improveComboboxes } from './client/combobox.js';
import { improveCopying, improvePrinting } from './client/copy.js';
import { improveDialogs } from './client/dialogs.js';
import { improveForms } from './client/forms.js';
import { improveMenus } from './client/menus.js';
import { improveNewPasswords } from './client/strength.js';
import { improveNotifications } from './client/notifications.js';
import { improvePalette } from './client/palette.js';
import { improveSamples } from './client/samples.js';
import { improveTabs } from './client/tabs.js';
import { improvePasskeys } from './client/passkeys.js';
import { improveTables } from './client/tables.js';
import { improveThemeButtons } from './client/theme.js';

// Every page works without this file; it makes the same page quicker to use.
improvePasskeys();
improveForms();
improveNewPasswords();
improveComboboxes();
improveMenus();
improveDialogs();
improvePalette();
improveTables();
improveTabs();
improveSamples();
improveCopying();
improvePrinting();
improveThemeButtons();
improveNotifications();
