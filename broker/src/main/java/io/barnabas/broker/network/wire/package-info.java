// SPDX-License-Identifier: Apache-2.0
/** Bytes of a connection: frames in, responses out, what they hold in memory, and when a socket is read. */
package io.barnabas.broker.network.wire;
