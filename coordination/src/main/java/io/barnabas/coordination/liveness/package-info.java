// SPDX-License-Identifier: Apache-2.0
/**
 * Which brokers are proven dead before their sessions end. Deciders without clock, thread or I/O: evidence and the time
 * go in, steps come out.
 */
package io.barnabas.coordination.liveness;
