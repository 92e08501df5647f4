// SPDX-License-Identifier: Apache-2.0
/** What was measured, raw and summed up, as JSON, Markdown and a page with plots. */
package io.barnabas.lab.compare.result;
