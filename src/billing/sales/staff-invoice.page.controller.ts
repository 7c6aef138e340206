import { Body, Controller, Get, Header, Param, Post, type StreamableFile } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { RecordsRepository } from '../../core/back-office/records.repository.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { Translator } from '../../core/i18n/translator.js';
import { presentIssuedInvoice } from '../invoices/issued-invoice.presenter.js';
import { ublFile } from '../invoices/ubl-file.js';
import { presentInvoice } from '../pages/invoice.presenter.js';
import { readerOf } from '../pages/reader.js';
import { refusedWith } from '../pages/refused.js';
import { PaidForm } from './staff-sales.forms.js';
import { StaffInvoices } from './staff-invoices.service.js';

/** Staff read and download invoices; superusers note that one of ours was paid. */
@Controller('admin/invoices')
@Access('staff')
export class StaffInvoicePageController {
  constructor(
    private readonly invoices: StaffInvoices,
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly translator: Translator,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  /** The invoice as the customer has it, to read and print. */
  @Get(':id/document')
  async document(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    const row = await this.row(id);
    const ubl = `${this.address(row)}ubl/`;
    const issued = await this.invoices.issuedOf(row);
    if (issued) {
      const invoice = presentIssuedInvoice(issued, this.translator, currentContext().locale);
      return this.shell.page(
        'billing/staff-issued',
        { invoice, ubl },
        'invoices',
        this.crumbs(row),
      );
    }
    const { invoice, seller, buyer, document } = await this.invoices.providedOf(row);
    const model = {
      ...{ seller, buyer, ubl },
      invoice: presentInvoice(invoice, readerOf(me)),
      hasFile: document !== null,
    };
    return this.shell.page('billing/staff-invoice', model, 'invoices', this.crumbs(row));
  }

  /** UBL 2.1, Peppol BIS Billing 3.0. @throws DomainError `not_found` while something required is not known */
  @Get(':id/ubl')
  @Header('Cache-Control', 'no-store')
  async ubl(@Param('id') id: string): Promise<StreamableFile> {
    const row = await this.row(id);
    const issued = await this.invoices.issuedOf(row);
    const document = issued?.document ?? (await this.invoices.providedOf(row)).document;
    if (!document) throw new DomainError('not_found', 'errors.not_found');
    return ublFile(document);
  }

  @Get(':id/paid')
  async askPaid(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    requireSuperuser(me);
    const row = await this.row(id);
    return refusedWith(this.address(row), null, () => this.paidPage(row));
  }

  @Post(':id/paid')
  @StepUp()
  async paid(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(PaidForm)) form: Form<PaidForm>,
  ): Promise<Answer> {
    const row = await this.row(id);
    return submit(
      form,
      (refused) => this.paidPage(row, refused),
      async ({ paid_on: paidOn, reference }) => {
        const isNew = await this.invoices.markPaid(me, row, { paidOn, reference });
        const args = { number: String(row.number) };
        const told = success('billing.staff.flash.paid', args);
        const known = { kind: 'info', key: 'billing.staff.flash.paid_before', args } as const;
        return seeOther(this.address(row), isNew ? told : known);
      },
    );
  }

  private async paidPage(row: Row, refused?: Form<object>): Promise<Page> {
    const issued = await this.invoices.issuedOf(row);
    if (!issued) throw new DomainError('conflict', 'billing.staff.errors.not_ours');
    const { number, buyer, total, issuedOn, dueOn, payment } = presentIssuedInvoice(
      issued,
      this.translator,
      currentContext().locale,
    );
    if (!refused && !payment) {
      throw new DomainError('conflict', 'billing.staff.errors.not_open');
    }
    const model = {
      ...{ number, total, issuedOn, dueOn },
      buyer: buyer.name,
      communication: payment?.communication ?? null,
      form: refused ?? Form.blank({ paid_on: this.invoices.today }),
      action: `${this.address(row)}paid/`,
      back: this.address(row),
    };
    return this.shell.page('billing/staff-paid', model, 'invoices', this.crumbs(row));
  }

  private row(id: string): Promise<Row> {
    return this.records.get(this.office.get('invoices'), idParam(id));
  }

  private address({ id }: Row): string {
    return this.office.get('invoices').address(id);
  }

  private crumbs(row: Row) {
    const list = this.office.get('invoices');
    return [
      { href: list.address(), text: this.words.plural(list) },
      { href: this.address(row), text: String(row.number) },
    ];
  }
}
