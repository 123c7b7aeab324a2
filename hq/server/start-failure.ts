/** HQ cannot start, for a reason that a person can mend. Its message is one clear sentence and is all that is shown. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
