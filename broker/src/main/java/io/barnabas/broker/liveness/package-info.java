// SPDX-License-Identifier: Apache-2.0
/**
 * Watches the other brokers' processes: one quiet connection to each, probes when one ends, and what follows from a
 * verdict. {@link io.barnabas.coordination.liveness.DeathDecider} decides.
 */
package io.barnabas.broker.liveness;
