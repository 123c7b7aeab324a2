import fs from 'node:fs';

export interface ResvgPixels {
  /** RGBA, row by row. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ResvgService {
  pixels(svg: string): ResvgPixels;
  png(svg: string, width: number): Uint8Array;
}

/** Starts the WebAssembly of resvg from its file: nothing of the system, no fonts of the system. */
export async function startResvg(wasm: string): Promise<ResvgService> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  try {
    await initWasm(fs.readFileSync(wasm));
  } catch (cause) {
    // The package starts once a process, and has no way to ask whether it did.
    if (!(cause instanceof Error && cause.message.startsWith('Already initialized'))) throw cause;
  }
  return {
    pixels(svg) {
      const resvg = new Resvg(svg, { background: '#fff' });
      const image = resvg.render();
      try {
        return { pixels: image.pixels, width: image.width, height: image.height };
      } finally {
        image.free();
        resvg.free();
      }
    },
    png(svg, width) {
      const resvg = new Resvg(svg, { background: '#fff', fitTo: { mode: 'width', value: width } });
      const image = resvg.render();
      try {
        return image.asPng();
      } finally {
        image.free();
        resvg.free();
      }
    },
  };
}
