import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import type { AppConfig } from './config.js';
import { readConfig } from './read-config.js';
import { developmentSecret } from './development-secret.js';

/** Loads the configuration: environment variables, which take precedence over `.env`. */
export async function loadEnvironment(): Promise<AppConfig> {
  if (existsSync('.env')) loadEnvFile('.env');
  const config = readConfig(process.env);
  config.APP_SECRET ??= await developmentSecret(config.DATA_DIR);
  return config;
}
