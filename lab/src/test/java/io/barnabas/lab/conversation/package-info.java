// SPDX-License-Identifier: Apache-2.0
/**
 * The same requests said raw to a broker of either kind, in every version, and what was answered compared field by field. The
 * scripts of what is said are text, in the resources beside.
 */
package io.barnabas.lab.conversation;
