import { rememberingSource } from '../bytes/remembering-source.ts';
import type { ByteSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import { type Label, sameLabel } from '../label/label.ts';
import type { Format, Modality } from '../ports/format.ts';
import type { Likeness, SoftMatch } from '../ports/soft-match.ts';
import { agreedLabel } from './agreed-label.ts';
import { chooseFormat, type FormatHint } from './choose-format.ts';
import { findingsIn } from './findings.ts';
import { type LabelOptions, type LabelParts, type LabelPlan, planDecided } from './label.ts';
import { readSidecar, type SidecarReader } from './sidecar.ts';

/** What carrying is wired from. */
export interface CarryParts extends LabelParts {
  readonly softMatches: readonly SoftMatch[];
}

/** The file that still has its label. */
export interface Original {
  readonly source: ByteSource;
  readonly hint?: FormatHint;
  readonly sidecar?: SidecarReader;
}

/** A plan to carry, with how alike the two files were. */
export interface CarryPlan extends LabelPlan {
  readonly likeness: Likeness & { readonly method: string };
}

/**
 * Plans that the label of `original` stands in `rendition`, which a platform's own transcode has made of it and which has lost it. Every value stays. Writes nothing.
 *
 * @throws LabelError `NOTHING_TO_CARRY` where the original has no label, `OTHER_CONTENT` where the two are not the same content, `LABEL_DISAGREES` where the rendition
 * has another label, `LABEL_AMBIGUOUS`, `FORMAT_UNSUPPORTED_FEATURE` where nobody can tell, and as `planDecided` and `SoftMatch.compare` do.
 */
export const planCarrying = async (
  rendition: ByteSource,
  original: Original,
  parts: CarryParts,
  options: Omit<LabelOptions, 'explicit'> = {},
): Promise<CarryPlan> => {
  const from = await formatOf(original.source, parts, original.hint);
  const to = await formatOf(rendition, parts, options.hint);
  const label = await labelOf(from, original, parts);
  const match = matchOf(parts.softMatches, from.modality, to.modality);
  let likeness: CarryPlan['likeness'] | undefined;
  const plan = await planDecided(
    rendition,
    async ({ findings }) => {
      const present = findings.length === 0 ? label : agreedLabel(findings);
      if (!sameLabel(present, label)) {
        throw new LabelError(
          'LABEL_DISAGREES',
          `The rendition carries another label, of ${present.ContentProducer}, which may not be replaced (Measures Art. 10).`,
          {
            data: { producer: present.ContentProducer, produceId: present.ProduceID },
          },
        );
      }
      likeness = { ...(await match.compare({ source: original.source, format: from.id }, { source: rendition, format: to.id })), method: match.id };
      assertSame(likeness);
      return label;
    },
    parts,
    options,
  );
  return { ...plan, likeness: likeness as CarryPlan['likeness'] };
};

const assertSame = ({ similarity, threshold, method }: CarryPlan['likeness']): void => {
  if (!(similarity >= threshold)) {
    throw new LabelError(
      'OTHER_CONTENT',
      `These files are not renditions of the same content: they are alike to ${similarity.toFixed(3)}, and ${threshold} is needed (${method}). Give the original that this one was made from.`,
      { data: { similarity, threshold, method } },
    );
  }
};

const formatOf = async (source: ByteSource, { formats }: CarryParts, hint: FormatHint | undefined): Promise<Format> => {
  if (source.size === 0) {
    throw new LabelError('FILE_EMPTY', 'The file is empty: there is no label in it, and no content.');
  }
  const format = await chooseFormat(source, formats, hint);
  if (format === undefined) {
    throw new LabelError('FORMAT_UNKNOWN', 'This kind of file is not known: no label can be read from it or carried into it.');
  }
  return format;
};

const labelOf = async (format: Format, { source, sidecar: reader }: Original, parts: CarryParts): Promise<Label> => {
  const inside = findingsIn(await format.read(rememberingSource(source)), [parts.vocabulary]);
  const sidecar = format.sidecar === undefined || inside.length > 0 ? undefined : await reader?.();
  const beside = sidecar === undefined || parts.sidecar === undefined ? { found: [] } : await readSidecar(parts.sidecar, sidecar, source);
  const findings = [...inside, ...findingsIn(beside, [parts.vocabulary])];
  if (findings.length === 0) {
    throw new LabelError('NOTHING_TO_CARRY', 'The original carries no label, so there is none to carry.');
  }
  return agreedLabel(findings);
};

/** A film may lose its pictures on the way to a sound file, and then other ears are needed: what both have in common decides. */
const matchOf = (matches: readonly SoftMatch[], from: Modality, to: Modality): SoftMatch => {
  const modality = from === to ? from : [from, to].every((one) => one === 'audio' || one === 'video') ? 'audio' : undefined;
  const match = matches.find((one) => one.modality === modality);
  if (match === undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `Nothing here can tell whether ${to} is a rendition of ${from}; label it through its producer.`,
      {
        data: { from, to },
      },
    );
  }
  return match;
};
