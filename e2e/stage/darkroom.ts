import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from '@playwright/test';

export interface Darkroom {
  /** Scaled, put side by side and written as WebP by Chromium, which has a coder for it. */
  develop(file: string, shots: readonly { readonly png: Buffer; readonly scale: number }[]): Promise<void>;
}

export async function openDarkroom(browser: Browser): Promise<Darkroom> {
  const page = await browser.newPage();
  return {
    async develop(file, shots) {
      const sources = shots.map(({ png, scale }) => ({ source: `data:image/png;base64,${png.toString('base64')}`, scale }));
      const developed = await page.evaluate(async (parts) => {
        const images = await Promise.all(parts.map(async ({ source, scale }) => {
          const image = new Image();
          image.src = source;
          await image.decode();
          return { image, width: image.width * scale, height: image.height * scale };
        }));
        const canvas = document.createElement('canvas');
        canvas.width = images.reduce((sum, { width }) => sum + width, 0);
        canvas.height = Math.max(...images.map(({ height }) => height));
        const context = canvas.getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        let left = 0;
        for (const { image, width, height } of images) {
          context.drawImage(image, left, 0, width, height);
          left += width;
        }
        return canvas.toDataURL('image/webp', 0.86).split(',')[1]!;
      }, sources);
      fs.writeFileSync(file, Buffer.from(developed, 'base64'));
      console.log(`pictures: ${path.basename(file)}, ${Math.round(fs.statSync(file).size / 1000)} kB`);
    },
  };
}
