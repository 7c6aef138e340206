// Nest 12 is ESM only. Loaded first and in this order, or a package that require()s Nest meets it
// half evaluated: "Cannot require() ES Module in a cycle".
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
