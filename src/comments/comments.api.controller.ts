import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Actor } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { Idempotent } from '../core/http/api/idempotency.js';
import { located } from '../core/http/api/located.js';
import { PageQuery, readQuery, type Query as QueryString } from '../core/http/api/paging.js';
import { ifMatch, versioned, type Versioned } from '../core/http/pipeline/etag.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { jsonBody, jsonPatch } from '../core/http/pipeline/json-body.js';
import { BODY, CHANGE, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { CommentDto, CommentListDto, CommentPatchDto, commentDto } from './comment.dto.js';
import { CommentForm, NewCommentBody } from './comment.forms.js';
import { COMMENT_ORDERS, COMMENT_SORTS } from './comments.repository.js';
import { CommentsService } from './comments.service.js';

/** API routes of comments: besides their own scope they need the one that reads the row. */
@ApiTags('Comments')
@Controller('api/v1/comments')
@NotSensitive()
export class CommentsApiController {
  constructor(private readonly comments: CommentsService) {}

  @Get()
  @PageQuery()
  @ApiQuery({ name: 'record_type', description: 'The kind of row', example: 'contract' })
  @ApiQuery({
    name: 'record_id',
    description: 'The row',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiQuery({ name: 'sort', required: false, enum: COMMENT_SORTS })
  @Operation({
    id: 'listComments',
    summary: 'List the comments on a row, oldest first',
    answers: [200, CommentListDto],
    refusals: [422, ...ONBOARDED, 404],
    scope: 'comments:read',
    isTagged: true,
  })
  async list(@CurrentActor() who: Actor, @Query() query: QueryString): Promise<CommentListDto> {
    const { kind, id, ...asked } = readQuery(query, (read) => ({
      kind: read.sought('record_type', 60),
      id: read.id('record_id'),
      ...read.order(COMMENT_ORDERS, 'oldest'),
      limit: read.limit(),
    }));
    const subject = await this.comments.subject(who, { kind: kind!, id: id! });
    const { items, next } = await this.comments.listed(subject, asked);
    return { items: items.map(commentDto), next_cursor: next };
  }

  @Post()
  @Operation({
    id: 'createComment',
    summary: 'Comment on a row',
    answers: [201, CommentDto],
    isLocated: true,
    refusals: [...BODY, ...ONBOARDED, 404],
    scope: 'comments:write',
  })
  @Idempotent()
  async create(
    @CurrentActor() who: Actor,
    @Body(jsonBody(NewCommentBody)) { record_type, record_id, text }: NewCommentBody,
    @Res({ passthrough: true }) res: Response,
  ): Promise<CommentDto> {
    const added = await this.comments.add(who, { kind: record_type, id: record_id }, text);
    return located(res, '/api/v1/comments', commentDto(added));
  }

  @Get(':id')
  @Operation({
    id: 'getComment',
    summary: 'A comment',
    answers: [200, CommentDto],
    refusals: [...ONBOARDED, 404],
    isTagged: true,
    scope: 'comments:read',
  })
  async show(@CurrentActor() who: Actor, @Param('id') id: string): Promise<Versioned<CommentDto>> {
    const { comment } = await this.comments.get(who, idParam(id));
    return versioned(comment, commentDto);
  }

  /** Only who wrote it. */
  @Patch(':id')
  @ApiBody({ type: CommentPatchDto })
  @Operation({
    id: 'updateComment',
    summary: 'Change a comment of one’s own',
    answers: [200, CommentDto],
    refusals: [...CHANGE, ...ONBOARDED, 404],
    scope: 'comments:write',
    isTagged: true,
  })
  async update(
    @CurrentActor() who: Actor,
    @Param('id') id: string,
    @Body(jsonPatch(CommentForm)) { text }: Partial<CommentForm>,
    @Req() req: Request,
  ): Promise<Versioned<CommentDto>> {
    const changed = await this.comments.change(who, idParam(id), text, ifMatch(req));
    return versioned(changed, commentDto);
  }

  /** Soft deletion; `restore` undoes it. */
  @Delete(':id')
  @WorksReadOnly('over_limit')
  @Operation({
    id: 'deleteComment',
    summary: 'Delete a comment: one’s own, as an admin any',
    answers: [204],
    refusals: [...ONBOARDED, 404, 412],
    scope: 'comments:write',
  })
  @HttpCode(204)
  async delete(
    @CurrentActor() who: Actor,
    @Param('id') id: string,
    @Req() req: Request,
  ): Promise<void> {
    await this.comments.delete(who, idParam(id), ifMatch(req));
  }

  @Post(':id/restore')
  @Operation({
    id: 'restoreComment',
    summary: 'Take the deletion of a comment back',
    answers: [200, CommentDto],
    refusals: [...ONBOARDED, 404],
    scope: 'comments:write',
  })
  @HttpCode(200)
  async restore(@CurrentActor() who: Actor, @Param('id') id: string): Promise<CommentDto> {
    const { comment } = await this.comments.restore(who, idParam(id));
    return commentDto(comment);
  }
}
