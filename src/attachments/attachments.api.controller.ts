import { Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Actor } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { DomainError } from '../core/errors/domain-error.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { located } from '../core/http/api/located.js';
import { readQuery, type Query as QueryString, type QueryReader } from '../core/http/api/paging.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { BODY, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { sendFile } from '../core/http/uploads/send-file.js';
import { Upload, UploadedFile } from '../core/http/uploads/upload.js';
import { AttachmentDto, AttachmentListDto, attachmentDto } from './attachment.dto.js';
import { LARGEST } from './attachment.entity.js';
import { AttachmentsService } from './attachments.service.js';

const FILE = {
  description: 'A file of 1 byte to 10 MiB, as the field `file` of a form.',
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file'],
        properties: { file: { type: 'string' as const, format: 'binary' } },
      },
    },
  },
};

const RECORD_TYPE = { name: 'record_type', description: 'The kind of row', example: 'contract' };
const FIELD = {
  name: 'field',
  required: false,
  description:
    'What it is of the row: one of the fields of its kind. A file that is there already is deleted. Absent: any other file',
  schema: { type: 'string' as const, maxLength: 60 },
};
const RECORD_ID = {
  name: 'record_id',
  description: 'The row',
  schema: { type: 'string' as const, format: 'uuid' },
};

/** API routes of files: besides their own scope they need the one that reads the row. */
@ApiTags('Attachments')
@Controller('api/v1/attachments')
@NotSensitive()
export class AttachmentsApiController {
  constructor(private readonly attachments: AttachmentsService) {}

  @Get()
  @ApiQuery(RECORD_TYPE)
  @ApiQuery(RECORD_ID)
  @Operation({
    id: 'listAttachments',
    summary: 'List the files of a row, at most 20',
    answers: [200, AttachmentListDto],
    refusals: [422, ...ONBOARDED, 404],
    scope: 'attachments:read',
    isTagged: true,
  })
  async list(@CurrentActor() who: Actor, @Query() query: QueryString): Promise<AttachmentListDto> {
    const subject = await this.attachments.subject(who, refIn(query));
    return { items: (await this.attachments.listed(subject)).map(attachmentDto) };
  }

  @Post()
  @ApiQuery(RECORD_TYPE)
  @ApiQuery(RECORD_ID)
  @ApiQuery(FIELD)
  @Operation({
    id: 'createAttachment',
    summary: 'Add a file to a row',
    reads: FILE,
    answers: [201, AttachmentDto],
    isLocated: true,
    refusals: [...BODY, ...ONBOARDED, 404],
    scope: 'attachments:write',
  })
  @Upload('file', { maxBytes: LARGEST })
  async create(
    @CurrentActor() who: Actor,
    @Query() query: QueryString,
    @UploadedFile() file: UploadedFile | null,
    @Res({ passthrough: true }) res: Response,
  ): Promise<AttachmentDto> {
    const { field, ...ref } = placeIn(query);
    const { attachment } = await this.attachments.add(who, ref, file, field);
    return located(res, '/api/v1/attachments', attachmentDto(attachment));
  }

  @Get(':id')
  @Operation({
    id: 'getAttachment',
    summary: 'What a file is',
    answers: [200, AttachmentDto],
    refusals: [...ONBOARDED, 404],
    isTagged: true,
    scope: 'attachments:read',
  })
  async show(@CurrentActor() who: Actor, @Param('id') id: string): Promise<AttachmentDto> {
    return attachmentDto(await this.attachments.get(who, idParam(id)));
  }

  @Get(':id/content')
  @Operation({
    id: 'downloadAttachment',
    summary: 'The content of a file',
    answers: [200],
    isFile: true,
    refusals: [...ONBOARDED, 404, 410],
    scope: 'attachments:read',
  })
  async download(
    @CurrentActor() who: Actor,
    @Param('id') id: string,
    @Res() res: Response,
  ): Promise<void> {
    const { name, file } = await this.attachments.open(who, idParam(id));
    if (!file) throw new DomainError('gone', 'attachments.errors.lost', { args: { name } });
    await sendFile(res, name, file);
  }

  /** Soft deletion; `restore` undoes it for 30 days. */
  @Delete(':id')
  @WorksReadOnly('over_limit')
  @Operation({
    id: 'deleteAttachment',
    summary: 'Delete a file: one’s own, as an admin any',
    answers: [204],
    refusals: [...ONBOARDED, 404],
    scope: 'attachments:write',
  })
  @HttpCode(204)
  async delete(@CurrentActor() who: Actor, @Param('id') id: string): Promise<void> {
    await this.attachments.delete(who, idParam(id));
  }

  @Post(':id/restore')
  @Operation({
    id: 'restoreAttachment',
    summary: 'Take the deletion of a file back, within 30 days',
    answers: [200, AttachmentDto],
    refusals: [...ONBOARDED, 404, 409],
    scope: 'attachments:write',
  })
  @HttpCode(200)
  async restore(@CurrentActor() who: Actor, @Param('id') id: string): Promise<AttachmentDto> {
    const { attachment } = await this.attachments.restore(who, idParam(id));
    return attachmentDto(attachment);
  }
}

/** @throws InvalidInput at the parameters */
function refIn(query: QueryString): SubjectRef {
  return readQuery(query, readRef);
}

/** @throws InvalidInput at the parameters */
function placeIn(query: QueryString) {
  return readQuery(query, (read) => ({ ...readRef(read), field: read.text('field') }));
}

/** Without mistakes, neither is null. */
function readRef(read: QueryReader): SubjectRef {
  return { kind: read.sought('record_type', 60)!, id: read.id('record_id')! };
}
