/** The Electron that the bootstrap found. */
export interface ElectronRuntime {
  /** Absolute path of the executable. As root on Linux it needs --no-sandbox. */
  readonly executablePath: string;
  /** The folder it lies in, as electron-builder's `electronDist` wants it. */
  readonly distPath: string;
  /** As in "45.4.1". */
  readonly version: string;
  /** A test build is an unofficial repackaging: for development and tests, never for a kiosk. */
  readonly source: 'official' | 'test-build';
  /** For the `nativeBinding` option of better-sqlite3; undefined where the package's own prebuilt addon works. */
  readonly sqliteAddonPath: string | undefined;
}

/**
 * The Electron to start.
 * @throws an Error with code BOOTSTRAP_NOT_RUN where there is none yet
 */
export function electronRuntime(): ElectronRuntime;

/** The folder `counter24` in the user's cache folder: what several checkouts share. It may not exist yet. */
export function cacheFolder(): string;

/** Chromium for tests: the one named by CHROMIUM_PATH, or Debian's; undefined where there is neither. */
export function chromiumPath(): string | undefined;
