// SPDX-License-Identifier: Apache-2.0
/** Changes in the coordination store, told as hints to read again. */
package io.barnabas.coordination.store.hint;
