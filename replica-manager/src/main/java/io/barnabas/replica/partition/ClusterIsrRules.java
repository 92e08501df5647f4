// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

/** The world as {@link PartitionState} asks about it: settings, metadata cache, registration. */
record ClusterIsrRules(ReplicaConfig config, ReplicaPorts ports) implements IsrRules {
    @Override
    public long maxLagMs() {
        return config.lagTimeMaxMs();
    }

    @Override
    public boolean strictUnderMinIsr() {
        return config.strictUnderMinIsr();
    }

    /** Alive as the controller told; whether it is shutting down only the controller knows, and refuses it then. */
    @Override
    public boolean isEligible(int brokerId) {
        return ports.clusterImage().get().isAlive(brokerId);
    }

    @Override
    public long localBrokerEpoch() {
        return ports.brokerEpoch().getAsLong();
    }
}
