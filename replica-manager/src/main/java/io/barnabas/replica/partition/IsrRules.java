// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

/** What {@link PartitionState} must know of the world to decide about the in-sync set. */
interface IsrRules {
    /** {@code replica.lag.time.max.ms}. */
    long maxLagMs();

    /**
     * Whether a follower must be caught up with the log's end to join while under min ISR; false is Kafka's own rule,
     * under which such a follower joins and is expelled again and again.
     */
    boolean strictUnderMinIsr();

    /** Whether a broker may be in an in-sync set: alive, as far as is known. */
    boolean isEligible(int brokerId);

    /** The broker epoch of this broker, -1 if it has none now. */
    long localBrokerEpoch();
}
