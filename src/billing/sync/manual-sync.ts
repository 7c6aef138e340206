import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ManualBooks } from '../manual/manual-books.js';
import { NotificationsService } from '../notifications/notifications.service.js';
import { Providers } from '../provider/providers.js';

/** What staff sell, and what is paid by transfer, is noted as any provider would tell it: the customer is synced. */
@Injectable()
export class ManualSync implements OnModuleInit {
  constructor(
    private readonly books: ManualBooks,
    private readonly providers: Providers,
    private readonly notifications: NotificationsService,
  ) {}

  /** @throws ConfigError where staff are to sell and nobody is the seller: it names what is missing */
  onModuleInit(): void {
    if (this.providers.named('manual')) void this.books.seller;
    this.books.onChange = (tenantId, happening) => this.note(tenantId, happening);
  }

  private async note(tenantId: string, happening: string): Promise<void> {
    const provider = this.providers.named('manual');
    if (!provider) return;
    await this.notifications.note(provider, {
      // Told again, it is the same: the ledger has each once.
      eventId: `evt_${happening}`,
      type: 'customer.updated',
      objectId: tenantId,
      customerId: tenantId,
      isLive: provider.isLive,
      createdAt: new Date(),
    });
  }
}
