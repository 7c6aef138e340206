import { spoken } from './names.mjs';

/** Usual words of fields and choices: Dutch and French begin with them, and somebody reads them. */
const WORDS = {
  document: ['Document', 'Document', 'Document'],
  floor_plan: ['Floor plan', 'Plattegrond', 'Plan'],
  photo: ['Photo', 'Foto', 'Photo'],
  signed_copy: ['Signed copy', 'Ondertekend exemplaar', 'Exemplaire signé'],
  name: ['Name', 'Naam', 'Nom'],
  title: ['Title', 'Titel', 'Titre'],
  number: ['Number', 'Nummer', 'Numéro'],
  code: ['Code', 'Code', 'Code'],
  reference: ['Reference', 'Referentie', 'Référence'],
  description: ['Description', 'Omschrijving', 'Description'],
  notes: ['Notes', 'Notities', 'Remarques'],
  note: ['Note', 'Notitie', 'Remarque'],
  comment: ['Comment', 'Opmerking', 'Commentaire'],
  subject: ['Subject', 'Onderwerp', 'Objet'],
  customer: ['Customer', 'Klant', 'Client'],
  supplier: ['Supplier', 'Leverancier', 'Fournisseur'],
  company: ['Company', 'Bedrijf', 'Entreprise'],
  contact: ['Contact', 'Contactpersoon', 'Contact'],
  owner: ['Owner', 'Verantwoordelijke', 'Responsable'],
  email: ['E-mail address', 'E-mailadres', 'Adresse e-mail'],
  phone: ['Phone', 'Telefoon', 'Téléphone'],
  website: ['Website', 'Website', 'Site web'],
  address: ['Address', 'Adres', 'Adresse'],
  city: ['City', 'Gemeente', 'Ville'],
  country: ['Country', 'Land', 'Pays'],
  language: ['Language', 'Taal', 'Langue'],
  timezone: ['Time zone', 'Tijdzone', 'Fuseau horaire'],
  currency: ['Currency', 'Munteenheid', 'Devise'],
  date: ['Date', 'Datum', 'Date'],
  due: ['Due', 'Vervaldatum', 'Échéance'],
  due_date: ['Due date', 'Vervaldatum', 'Échéance'],
  start: ['Start', 'Begin', 'Début'],
  start_date: ['Start date', 'Begindatum', 'Date de début'],
  end: ['End', 'Einde', 'Fin'],
  end_date: ['End date', 'Einddatum', 'Date de fin'],
  opens_at: ['Opens at', 'Opent om', 'Ouvre à'],
  time: ['Time', 'Tijdstip', 'Heure'],
  amount: ['Amount', 'Bedrag', 'Montant'],
  total: ['Total', 'Totaal', 'Total'],
  price: ['Price', 'Prijs', 'Prix'],
  budget: ['Budget', 'Budget', 'Budget'],
  quantity: ['Quantity', 'Aantal', 'Quantité'],
  rate: ['Rate', 'Tarief', 'Taux'],
  discount: ['Discount', 'Korting', 'Remise'],
  weight: ['Weight', 'Gewicht', 'Poids'],
  status: ['Status', 'Status', 'Statut'],
  kind: ['Kind', 'Soort', 'Type'],
  category: ['Category', 'Categorie', 'Catégorie'],
  priority: ['Priority', 'Prioriteit', 'Priorité'],
  urgent: ['Urgent', 'Dringend', 'Urgent'],
  draft: ['Draft', 'Concept', 'Brouillon'],
  sent: ['Sent', 'Verzonden', 'Envoyé'],
  paid: ['Paid', 'Betaald', 'Payé'],
  open: ['Open', 'Open', 'Ouvert'],
  closed: ['Closed', 'Gesloten', 'Fermé'],
  planned: ['Planned', 'Gepland', 'Planifié'],
  active: ['Active', 'Actief', 'Actif'],
  done: ['Done', 'Afgerond', 'Terminé'],
  cancelled: ['Cancelled', 'Geannuleerd', 'Annulé'],
  accepted: ['Accepted', 'Aanvaard', 'Accepté'],
  rejected: ['Rejected', 'Afgewezen', 'Refusé'],
  low: ['Low', 'Laag', 'Basse'],
  normal: ['Normal', 'Normaal', 'Normale'],
  high: ['High', 'Hoog', 'Haute'],
  new: ['New', 'Nieuw', 'Nouveau'],
};

const LANGUAGES = ['en', 'nl', 'fr'];

/** What a field or a choice is called; its English name where the language has no word for it here. */
export function wordOf(name, language) {
  return WORDS[name]?.[LANGUAGES.indexOf(language)] ?? spoken(name);
}

/**
 * The texts of a module in a language whose article and gender of the noun are not known: sentences without
 * either. `{one}` and `{many}` stand for the noun.
 */
export const NEUTRAL = {
  nl: {
    dashboard_action: 'Toevoegen: {one}',
    subtitle: 'Overzicht van uw organisatie.',
    flags: '{Many}: de pagina’s en de API.',
    back: 'Terug naar het overzicht',
    count: { one: '{count} {one}', other: '{shown} {many}' },
    none_yet: {
      title: 'Nog niets toegevoegd',
      text: 'Iedereen in uw organisatie ziet wat hier staat.',
      first: 'Toevoegen',
      deleted: 'Wat verwijderd is tonen',
    },
    nothing_found: {
      title: 'Niets gevonden',
      text: 'Niets past bij uw zoekopdracht. Probeer een ander woord of een andere status.',
      all: 'Alles tonen',
    },
    new: {
      open: 'Toevoegen',
      title: 'Toevoegen: {one}',
      subtitle: 'Wat niet verplicht is, is zo gemarkeerd.',
      submit: 'Toevoegen',
    },
    saved_now: {
      title: 'Wat nu opgeslagen is',
      text: 'Iemand heeft dit gewijzigd terwijl u aan het typen was. Hieronder staat wat u typte: sla opnieuw op om dit te vervangen.',
    },
    activity: {
      title: 'Activiteit',
      text: 'Wat er onlangs gebeurde.',
      none: 'Er is nog niets genoteerd.',
    },
    delete: {
      title: 'Verwijderen',
      text: 'U kunt wat verwijderd is altijd terugzetten.',
      open: 'Verwijderen…',
      question: 'Verwijderen?',
      consequence:
        'Dit verdwijnt voor iedereen uit de lijst. U vindt het terug onder de status ‘Verwijderd’.',
      submit: 'Verwijderen',
    },
    flash: {
      created: 'Toegevoegd.',
      saved: 'De wijzigingen zijn opgeslagen.',
      deleted: '‘{name}’ is verwijderd.',
      restored: '‘{name}’ is teruggezet.',
    },
    errors: {
      stale:
        'Iemand anders heeft dit opgeslagen nadat u het opende. Er is niets van u verloren: vergelijk en sla opnieuw op.',
    },
    permissions: { read: '{Many} lezen', write: '{Many} wijzigen' },
    data_part: '{Many}, ook wat verwijderd is',
    actions: {
      created: '{actor} heeft ‘{subject}’ toegevoegd ({one})',
      changed: '{actor} heeft ‘{subject}’ gewijzigd ({one})',
      deleted: '{actor} heeft ‘{subject}’ verwijderd ({one})',
      restored: '{actor} heeft ‘{subject}’ teruggezet ({one})',
    },
  },
  fr: {
    dashboard_action: 'Ajouter : {one}',
    subtitle: 'Aperçu de votre organisation.',
    flags: '{Many} : les pages et l’API.',
    back: 'Retour à la liste',
    count: { one: '{count} {one}', other: '{shown} {many}' },
    none_yet: {
      title: 'Rien n’a encore été ajouté',
      text: 'Tout le monde dans votre organisation voit ce qui se trouve ici.',
      first: 'Ajouter',
      deleted: 'Afficher ce qui est supprimé',
    },
    nothing_found: {
      title: 'Aucun résultat',
      text: 'Rien ne correspond à votre recherche. Essayez un autre mot ou un autre statut.',
      all: 'Tout afficher',
    },
    new: {
      open: 'Ajouter',
      title: 'Ajouter : {one}',
      subtitle: 'Ce qui n’est pas obligatoire est signalé.',
      submit: 'Ajouter',
    },
    saved_now: {
      title: 'Ce qui est enregistré à présent',
      text: 'Quelqu’un a modifié ceci pendant votre saisie. Votre saisie figure ci-dessous : enregistrez à nouveau pour remplacer ceci.',
    },
    activity: {
      title: 'Activité',
      text: 'Ce qui s’est passé récemment.',
      none: 'Rien n’a encore été noté.',
    },
    delete: {
      title: 'Supprimer',
      text: 'Vous pouvez toujours restaurer ce qui est supprimé.',
      open: 'Supprimer…',
      question: 'Supprimer ?',
      consequence:
        'Cet élément disparaît de la liste pour tout le monde. Vous le retrouverez sous le statut « Supprimé ».',
      submit: 'Supprimer',
    },
    flash: {
      created: 'L’ajout est enregistré.',
      saved: 'Les modifications sont enregistrées.',
      deleted: '« {name} » : suppression effectuée.',
      restored: '« {name} » : restauration effectuée.',
    },
    errors: {
      stale:
        'Quelqu’un d’autre a enregistré ceci après que vous l’avez ouvert. Rien de votre saisie n’est perdu : comparez et enregistrez à nouveau.',
    },
    permissions: { read: 'Consulter : {many}', write: 'Modifier : {many}' },
    data_part: '{Many}, y compris ce qui est supprimé',
    actions: {
      created: '{actor} a ajouté « {subject} » ({one})',
      changed: '{actor} a modifié « {subject} » ({one})',
      deleted: '{actor} a supprimé « {subject} » ({one})',
      restored: '{actor} a restauré « {subject} » ({one})',
    },
  },
};
