// Where a string stands in a JSON text, so that more can be put into it while every other character stays (RFC 8259).

/** Keys of objects and indexes of arrays, from the root. */
export type JsonPath = readonly (string | number)[];

/**
 * Where `offset` of the string at a path stands in the text; `undefined` where no such string is.
 * The text has to be JSON (it was parsed before).
 */
export const jsonOffset = (json: string, path: JsonPath, offset: number): number | undefined => {
  let at = skipSpace(json, 0);
  for (const step of path) {
    const found = json[at] === '{' ? memberAt(json, at, String(step)) : json[at] === '[' ? itemAt(json, at, Number(step)) : undefined;
    if (found === undefined) {
      return undefined;
    }
    at = found;
  }
  if (json[at] !== '"') {
    return undefined;
  }
  at += 1;
  for (let left = offset; left > 0 && json[at] !== '"'; left -= 1) {
    at += json[at] !== '\\' ? 1 : json[at + 1] === 'u' ? 6 : 2;
  }
  return at;
};

/** The last member of a name counts, as for JSON.parse. */
const memberAt = (json: string, open: number, key: string): number | undefined => {
  let found: number | undefined;
  let at = skipSpace(json, open + 1);
  while (json[at] === '"') {
    const end = valueEnd(json, at);
    const value = skipSpace(json, skipSpace(json, end) + 1);
    found = JSON.parse(json.slice(at, end)) === key ? value : found;
    at = afterComma(json, valueEnd(json, value));
  }
  return found;
};

const itemAt = (json: string, open: number, index: number): number | undefined => {
  let at = skipSpace(json, open + 1);
  for (let left = index; left > 0 && at < json.length; left -= 1) {
    at = afterComma(json, valueEnd(json, at));
  }
  return at < json.length && json[at] !== ']' ? at : undefined;
};

const afterComma = (json: string, end: number): number => {
  const at = skipSpace(json, end);
  return json[at] === ',' ? skipSpace(json, at + 1) : json.length;
};

const skipSpace = (json: string, from: number): number => {
  let at = from;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') {
    at += 1;
  }
  return at;
};

/** Behind the value that begins here. */
const valueEnd = (json: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < json.length; at += 1) {
    const unit = json[at] as string;
    if (unit === '"') {
      for (at += 1; at < json.length && json[at] !== '"'; at += 1) {
        at += json[at] === '\\' ? 1 : 0;
      }
    } else if (unit === '{' || unit === '[') {
      depth += 1;
    } else if (depth > 0 && (unit === '}' || unit === ']')) {
      depth -= 1;
    } else if (depth === 0) {
      if (',]} \n\r\t'.includes(unit)) {
        return at;
      }
      continue;
    } else {
      continue;
    }
    if (depth === 0) {
      return at + 1;
    }
  }
  return json.length;
};
