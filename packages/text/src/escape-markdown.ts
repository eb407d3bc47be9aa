/** Characters of one line that Markdown could take for markup, escaped (CommonMark §2.4). */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>&~|$]/g, '\\$&')
    .replace(/^([#+=:-])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
