// SPDX-License-Identifier: Apache-2.0
/** The broker explains itself: one structured event per decision of consequence. */
package io.barnabas.coordination.event;
