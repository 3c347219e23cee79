/** Made by scripts/licences.mjs at each build; the vite plugin stands in electron.vite.config.ts. */
declare module 'virtual:licences' {
  const licences: {
    packages: {
      name: string;
      version: string;
      /** SPDX expression. */
      licence: string;
      /** Where in `texts`; null where the package brings none. */
      text: number | null;
    }[];
    texts: string[];
    /** Of the studio itself. */
    own: string;
    /** Of the data and fonts that it brings. */
    notice: string;
  };
  export default licences;
}
