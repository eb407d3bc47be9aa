// Importing this file makes <aigc-notice> known to the page; without a document it does nothing.
import { defineAigcNotice } from './define-notice.ts';

defineAigcNotice();
