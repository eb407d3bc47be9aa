/**
 * Whether an object anywhere in a valid JSON text names a member twice; `JSON.parse` would keep the last in silence, other readers the first.
 * Members are compared as written after escapes are undone. Linear in the text.
 */
export const hasDuplicateMember = (json: string): boolean => {
  const stack: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '"') {
      const end = endOfString(json, index);
      if (expectsName) {
        const name = JSON.parse(json.slice(index, end)) as string;
        const names = stack.at(-1);
        if (names?.has(name)) {
          return true;
        }
        names?.add(name);
        expectsName = false;
      }
      index = end - 1;
    } else if (character === '{') {
      stack.push(new Set());
      expectsName = true;
    } else if (character === '[') {
      stack.push(undefined);
      expectsName = false;
    } else if (character === '}' || character === ']') {
      stack.pop();
      expectsName = false;
    } else if (character === ',') {
      expectsName = stack.at(-1) !== undefined;
    }
  }
  return false;
};

/** Whether objects and lists of a JSON text, valid or not, lie more than `depth` deep in one another: what writes such a value again would run out of stack. Linear. */
export const isDeeperThan = (json: string, depth: number): boolean => {
  let level = 0;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '"') {
      index = endOfString(json, index) - 1;
    } else if (character === '{' || character === '[') {
      level += 1;
      if (level > depth) {
        return true;
      }
    } else if (character === '}' || character === ']') {
      level -= 1;
    }
  }
  return false;
};

const endOfString = (json: string, start: number): number => {
  for (let index = start + 1; index < json.length; index += 1) {
    if (json[index] === '\\') {
      index += 1;
    } else if (json[index] === '"') {
      return index + 1;
    }
  }
  return json.length;
};
