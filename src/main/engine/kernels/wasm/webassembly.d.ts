/** What we use of WebAssembly's JavaScript API: TypeScript has it only among the browser's types. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  class Module {
    private readonly brand;
  }
  interface Instance {
    readonly exports: Exports;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean });
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
    grow(pages: number): number;
  }
  function validate(bytes: Uint8Array): boolean;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: { env: { memory: Memory } }): Promise<Instance>;
}
