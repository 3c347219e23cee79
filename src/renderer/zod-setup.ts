/** Imported first: schemas decide when they are made whether they may compile themselves to code. */
import { z } from 'zod';

// The page's content security policy forbids turning text into code.
z.config({ jitless: true });
