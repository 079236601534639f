// What core/ needs of the platform, declared by hand because it is compiled without the DOM and WebWorker libraries.

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

declare const URL: {
  canParse(url: string): boolean;
};
