/** What a person writes on a run: tags to find it by, and a note. Kept in the run's record. */
import { z } from 'zod';

export const tagLimit = 20;

const tag = z.string().trim().min(1).max(40);

export const annotationFields = {
  tags: z.array(tag).max(tagLimit),
  note: z.string().max(10_000),
};

/** What is left out stays as it is. */
export const annotationsSchema = z.object(annotationFields).partial();
export type Annotations = z.infer<typeof annotationsSchema>;

/** Tags as they are typed, `baseline, seed 2`: without doubles, in their order. */
export function parseTags(text: string): string[] {
  const tags = text
    .split(/[,;\n]/)
    .map((part) => part.trim().replace(/\s+/g, ' ').slice(0, 40).trim())
    .filter((part) => part !== '');
  return [...new Set(tags)].slice(0, tagLimit);
}
