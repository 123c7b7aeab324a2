import { expect, it } from 'vitest';
import { appVersion } from '../domain/version.ts';
import packageJson from '../package.json' with { type: 'json' };

it("the version that kiosks tell HQ is the package's", () => {
  expect(appVersion).toBe(packageJson.version);
});
