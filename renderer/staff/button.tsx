import type { ButtonProps } from '../ui/button.tsx';
import { Button as PlainButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';

/**
 * The page's button, but that while something is under way it only takes no further taps. react-aria would announce "pending" by the name of a button that the
 * answer has often taken away by then, which leaves a nameless picture for whoever hears the page; here the result itself is said.
 */
export function Button({ busy = false, className, onPress, ...rest }: ButtonProps) {
  return <PlainButton {...rest} className={classNames(busy && 'button--busy', className)} onPress={busy ? ignore : onPress} />;
}

function ignore(): void {}
