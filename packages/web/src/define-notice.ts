import { AigcNotice } from './notice-element.ts';

/** Makes `<aigc-notice>` known to the page, once; does nothing where there is no document. */
export const defineAigcNotice = (): void => {
  if (typeof customElements !== 'undefined' && customElements.get('aigc-notice') === undefined) {
    customElements.define('aigc-notice', AigcNotice);
  }
};
