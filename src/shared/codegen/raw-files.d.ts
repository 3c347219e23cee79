/** Vite gives the text of files at build time (https://vite.dev/guide/features#glob-import). */
interface ImportMeta {
  glob(
    pattern: string,
    options: { query: '?raw'; import: 'default'; eager: true },
  ): Record<string, string>;
}
