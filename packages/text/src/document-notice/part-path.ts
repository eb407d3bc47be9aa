/** The name of a member that a reference means, from the folder of the part in which it stands (RFC 3986 §5.2.4 for relative paths). */
export const partPath = (folder: readonly string[], reference: string): string => {
  if (reference.startsWith('/')) {
    return reference.slice(1);
  }
  const path = [...folder];
  for (const step of reference.split('/')) {
    if (step === '..') {
      path.pop();
    } else if (step !== '.') {
      path.push(step);
    }
  }
  return path.join('/');
};
