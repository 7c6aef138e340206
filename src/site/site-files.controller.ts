import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { brand, PAPER } from '../core/brand/brand.js';
import { AppConfig } from '../core/config/config.js';
import { projectPath } from '../core/config/project-path.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access } from '../core/http/access/access.js';
import { PublicPages } from '../core/http/pages/public-pages.js';
import { languageOf, LOCALES } from '../core/i18n/locales.js';
import { Assets } from '../core/views/views.module.js';

const DAY = 'public, max-age=86400';
/** The manifest names files that the next build takes away. */
const HOUR = 'public, max-age=3600';
const SECURITY_TXT_DAYS = 180;

/** Files that browsers, search engines and researchers look for at fixed addresses. */
@Controller()
@Access('probe')
export class SiteFilesController {
  constructor(
    private readonly assets: Assets,
    private readonly config: AppConfig,
    private readonly pages: PublicPages,
  ) {}

  /** Robots Exclusion Protocol, RFC 9309. */
  @Get('robots.txt')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', DAY)
  robots(): string {
    const closed = ['/api/v1/', '/media/'].map((path) => `Disallow: ${path}`);
    const lines = ['User-agent: *', ...closed, '', `Sitemap: ${this.config.appUrl}/sitemap.xml`];
    return `${lines.join('\n')}\n`;
  }

  /** Sitemaps 0.9, with the address of each language (https://www.sitemaps.org/protocol.html). */
  @Get('sitemap.xml')
  @Header('Content-Type', 'application/xml; charset=utf-8')
  @Header('Cache-Control', DAY)
  sitemap(): string {
    const urls = this.pages.hrefs.flatMap((href) => {
      const all = this.pages.alternates(href);
      const links = all.map(
        ({ language, href: to }) =>
          `<xhtml:link rel="alternate" hreflang="${language}" href="${escaped(to)}"/>`,
      );
      return all.map(({ href: to }) => `<url><loc>${escaped(to)}</loc>${links.join('')}</url>`);
    });
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
      ...urls,
      '</urlset>\n',
    ].join('\n');
  }

  /** W3C Web Application Manifest: what a phone shows once the site is on its home screen. */
  @Get('manifest.webmanifest')
  @Header('Content-Type', 'application/manifest+json; charset=utf-8')
  @Header('Cache-Control', HOUR)
  manifest(): string {
    const icon = (name: string, size: number, purpose = 'any') => ({
      src: this.assets.path(name),
      sizes: `${size}x${size}`,
      type: 'image/png',
      purpose,
    });
    return JSON.stringify({
      id: '/',
      name: brand.name,
      short_name: brand.name,
      start_url: '/dashboard/',
      scope: '/',
      display: 'standalone',
      background_color: PAPER.light,
      theme_color: PAPER.light,
      icons: [
        icon('icon-192.png', 192),
        icon('icon-512.png', 512),
        icon('icon-maskable-512.png', 512, 'maskable'),
      ],
    });
  }

  @Get('favicon.ico')
  @Header('Cache-Control', DAY)
  favicon(): Promise<StreamableFile> {
    return this.file('favicon.ico', 'image/x-icon');
  }

  @Get('apple-touch-icon.png')
  @Header('Cache-Control', DAY)
  touchIcon(): Promise<StreamableFile> {
    return this.file('apple-touch-icon.png', 'image/png');
  }

  /** RFC 9116. @throws DomainError `not_found` without `SECURITY_CONTACT` */
  @Get('.well-known/security.txt')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', DAY)
  security(): string {
    const { appUrl, securityContactUrl } = this.config;
    if (!securityContactUrl) throw new DomainError('not_found', 'errors.not_found');
    const until = new Date(Date.now() + SECURITY_TXT_DAYS * 86_400_000);
    const lines = [
      `Contact: ${securityContactUrl}`,
      `Expires: ${until.toISOString()}`,
      `Preferred-Languages: ${LOCALES.map(languageOf).join(', ')}`,
      `Canonical: ${appUrl}/.well-known/security.txt`,
    ];
    return `${lines.join('\n')}\n`;
  }

  private async file(name: string, type: string): Promise<StreamableFile> {
    const content = await readFile(projectPath('public', this.assets.path(name)));
    return new StreamableFile(content, { type, length: content.length });
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
