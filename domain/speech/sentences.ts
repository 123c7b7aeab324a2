/** A part longer than this is cut at a comma, or at worst anywhere: a voice wants a breath, and a process an end. */
const longest = 160;

/** What is spoken one after another. Nothing of the text is lost but blanks; what holds neither letter nor number says nothing. */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[。！？；!?;\n])|(?<=\.)(?=\s)/u)
    .flatMap(shortened)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function shortened(sentence: string): readonly string[] {
  if (sentence.length <= longest) return [sentence];
  const head = sentence.slice(0, longest);
  const comma = Math.max(head.lastIndexOf('，'), head.lastIndexOf(', '), head.lastIndexOf('、'), head.lastIndexOf(' '));
  const cut = comma > 0 ? comma + 1 : isHighSurrogate(head.charCodeAt(longest - 1)) ? longest - 1 : longest;
  return [sentence.slice(0, cut), ...shortened(sentence.slice(cut))];
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
