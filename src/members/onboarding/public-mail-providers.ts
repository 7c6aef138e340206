import { parse } from 'tldts';

// i18n-ignore: mail.*, home.*
/** Public mail providers: brands under any suffix, or single domains. */
// prettier-ignore
export const PUBLIC_MAIL_PROVIDERS: ReadonlySet<string> = new Set([
  // brands, whatever the suffix
  'gmail', 'googlemail', 'outlook', 'hotmail', 'live', 'msn', 'yahoo', 'ymail', 'rocketmail', 'aol',
  'icloud', 'gmx', 'protonmail', 'proton', 'tutanota', 'tuta', 'zoho', 'zohomail', 'fastmail', 'hey.com',
  'yandex', 'mailbox.org', 'posteo', 'hushmail', 'duck.com', 'inbox.lv', 'qq', 'sina', 'naver', 'daum', 'rediffmail',
  // Belgium and its neighbours
  'telenet.be', 'skynet.be', 'proximus.be', 'belgacom.net', 'scarlet.be', 'voo.be', 'pandora.be', 'edpnet.be',
  'orange.fr', 'orange.be', 'wanadoo', 'free.fr', 'laposte.net', 'sfr.fr', 'bbox.fr', 'neuf.fr', 'aliceadsl.fr',
  'ziggo.nl', 'kpnmail.nl', 'kpnplanet.nl', 'planet.nl', 'xs4all.nl', 'home.nl', 'hetnet.nl', 'upcmail.nl',
  'web.de', 't-online.de', 'freenet.de', 'arcor.de', 'mail.de', 'pt.lu', 'internet.lu',
  // elsewhere
  'me.com', 'mac.com', 'pm.me', 'mail.com', 'email.com', 'usa.com', 'mail.ru', 'bk.ru', 'list.ru', 'rambler.ru',
  'comcast.net', 'verizon.net', 'att.net', 'sbcglobal.net', 'bellsouth.net', 'cox.net', 'charter.net', 'juno.com',
  'btinternet.com', 'ntlworld.com', 'virginmedia.com', 'sky.com', 'talktalk.net', 'blueyonder.co.uk', 'tiscali.co.uk',
  'libero.it', 'virgilio.it', 'tiscali.it', 'alice.it', 'tin.it', 'bluewin.ch', 'sunrise.ch', 'hispeed.ch',
  'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'seznam.cz', 'centrum.cz', 'uol.com.br', 'bol.com.br', 'terra.com.br',
  'bigpond.com', 'optusnet.com.au', 'shaw.ca', 'rogers.com', 'sympatico.ca', 'videotron.ca', '163.com', '126.com',
  'hanmail.net', 'nate.com', 'sapo.pt', 'telia.com', 'online.no', 'mailinator.com', 'guerrillamail.com', 'yopmail.com',
]);

/** Whether anybody can have an address of this domain, or of one below it. */
export function isPublicMailDomain(domain: string): boolean {
  const { domain: registered, domainWithoutSuffix: name } = parse(domain, {
    allowPrivateDomains: false,
  });
  return [registered, name].some((each) => !!each && PUBLIC_MAIL_PROVIDERS.has(each));
}
