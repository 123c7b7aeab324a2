/**
 * What is reckoned from a large thing (a catalogue's offers, the stock) once for each, however many parts of the page ask and however often they come and go;
 * forgotten with the thing itself. The thing must not change afterwards.
 */
export function oncePer<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (from) => {
    const known = made.get(from);
    if (known) return known.value;
    const value = make(from);
    made.set(from, { value });
    return value;
  };
}
