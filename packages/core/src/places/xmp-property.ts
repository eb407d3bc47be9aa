/** A property of XMP that carries a label, as data, so that no container has to know what it means. */
export interface XmpProperty {
  /** The namespace that is written. */
  readonly namespace: string;
  /** Its preferred prefix; another one is taken where a packet has bound this one to something else. */
  readonly prefix: string;
  /** The local name. */
  readonly name: string;
  /** Namespaces in which the same name, or the names in `fields`, were seen in the wild; read, and replaced by `namespace`. */
  readonly kindred: readonly string[];
  /** Namespaces of somebody else in which only `name` was seen. */
  readonly borrowed: readonly string[];
  /** Other local names under which the value was seen, in any namespace. */
  readonly aliases: readonly string[];
  /** Local names where the value was spread over one property a field. */
  readonly fields: readonly string[];
}
