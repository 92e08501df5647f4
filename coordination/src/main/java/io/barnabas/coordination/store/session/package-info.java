// SPDX-License-Identifier: Apache-2.0
/** The one session with the coordination store, and what happens to it. */
package io.barnabas.coordination.store.session;
