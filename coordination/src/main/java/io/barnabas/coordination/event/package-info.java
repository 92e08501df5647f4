// SPDX-License-Identifier: Apache-2.0
/**
 * The broker explains itself: one typed event per decision of consequence, handed to an injected
 * {@link io.barnabas.coordination.event.EventSink}. Logs, metrics and consoles are views of the same events.
 */
package io.barnabas.coordination.event;
