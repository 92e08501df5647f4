// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

/** Who appends as leader: decides which checks a batch must pass. */
public enum AppendSource {
    /** A client's Produce: all checks. */
    CLIENT,
    /** A coordinator of this broker: may write control batches, skips producer sequence checks as Kafka does. */
    COORDINATOR
}
