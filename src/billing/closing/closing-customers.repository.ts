import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { erasureRole } from '../../core/database/privileged/erasure.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** What is known of the organisation in context, which is being erased, as a customer. */
@Injectable()
export class ClosingCustomersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * In the open unit of work: a customer with invoices stays without address of mail and name of the payment method;
   * one that the provider knows, and that has none, by its id only; others are deleted. Returns how many were deleted.
   */
  forget(): Promise<number> {
    return this.unitOfWork.runAs(erasureRole, async () => {
      await this.unitOfWork.execute(
        `UPDATE billing_customer SET email = NULL, payment_label = NULL
         WHERE tenant_id = app_tenant_id()`,
      );
      await this.unitOfWork.execute(
        `UPDATE billing_customer c SET legal_name = NULL, address = NULL, postal_code = NULL,
           city = NULL, country = NULL, vat_number = NULL, purchase_order = NULL
         WHERE c.tenant_id = app_tenant_id() AND ${WITHOUT_INVOICE}`,
      );
      return this.unitOfWork.execute(
        `DELETE FROM billing_customer c WHERE c.tenant_id = app_tenant_id()
           AND c.external_id IS NULL AND ${WITHOUT_INVOICE}`,
      );
    });
  }

  /**
   * In the open unit of work, as the role billing: the provider "manual" knows its customers by the ids of their
   * organisations. Its notifications are done with, and name nobody.
   */
  forgetNotifications(): Promise<number> {
    return this.unitOfWork.runAs(billingRole, () =>
      this.unitOfWork.execute(
        `UPDATE billing_event SET object_id = '', customer_external_id = NULL, problem = NULL, state = 'done',
           done_at = coalesce(done_at, now())
         WHERE provider = 'manual' AND lower(object_id) COLLATE "C" = app_tenant_id()::text`,
      ),
    );
  }

  /** Invoices that are kept: those we issued, which the provider "manual" lists too, and those of other providers. */
  async keptInvoices(): Promise<number> {
    const [row] = await this.unitOfWork.runAs(erasureRole, () =>
      this.unitOfWork.query<{ count: number }>(
        `SELECT ((SELECT count(*) FROM issued_invoice WHERE tenant_id = app_tenant_id())
           + (SELECT count(*) FROM invoice WHERE tenant_id = app_tenant_id() AND provider <> 'manual'))::int AS count`,
      ),
    );
    return row!.count;
  }
}

const WITHOUT_INVOICE = `NOT EXISTS (SELECT FROM invoice i
  WHERE i.tenant_id = c.tenant_id AND i.customer_id = c.id)`;
