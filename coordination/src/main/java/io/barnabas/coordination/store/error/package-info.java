// SPDX-License-Identifier: Apache-2.0
/** How an operation of the coordination store can fail. */
package io.barnabas.coordination.store.error;
