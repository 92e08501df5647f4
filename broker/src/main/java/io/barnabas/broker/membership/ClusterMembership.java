// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.IdentityKeys;
import io.barnabas.coordination.cluster.RandomIds;
import io.barnabas.coordination.store.CoordinationStore;
import io.barnabas.replica.log.checkpoint.ForeignLogDirException;
import io.barnabas.replica.log.checkpoint.LogDirIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which cluster this broker belongs to, and under which id: settled once at start between configuration, log
 * directories and coordination store, before anything is written to either.
 *
 * @param clusterId the cluster's id
 * @param brokerId this broker's id
 */
public record ClusterMembership(String clusterId, int brokerId) {
    /**
     * Asks all three, waiting for the store; only the thread that starts the process may call this.
     *
     * @param ids makes the id of a cluster that has none yet
     * @throws StartupException if the three contradict each other
     */
    public static ClusterMembership settle(BarnabasConfig config, CoordinationStore store, RandomIds ids) {
        List<Path> directories = config.logManager().directories().stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .toList();
        LogDirIdentity onDisk = LogDirIdentity.read(directories);
        String clusterId = StartupWaits.<String>awaitInAnySession(
                () -> store.clusterIds().getOrCreate(ids.uuid().toString()), "reading the cluster id");
        IdentityKeys configured = config.identity();
        OptionalInt wanted = configured.brokerId() >= 0 ? OptionalInt.of(configured.brokerId()) : OptionalInt.empty();
        try {
            onDisk.verify(clusterId, wanted);
        } catch (ForeignLogDirException e) {
            throw new StartupException(e.getMessage(), e);
        }
        int brokerId = wanted.orElseGet(() -> onDisk.brokerId().orElseGet(() -> generate(configured, store)));
        try {
            onDisk.claim(clusterId, brokerId);
        } catch (IOException e) {
            // the log manager finds out which directories can be used, and says so
            org.slf4j.LoggerFactory.getLogger(ClusterMembership.class)
                    .warn("meta.properties could not be written: {}", e.toString());
        }
        return new ClusterMembership(clusterId, brokerId);
    }

    private static int generate(IdentityKeys configured, CoordinationStore store) {
        return StartupWaits.<Integer>awaitInAnySession(
                () -> store.brokers().generateId(configured.reservedMaxId()), "generating a broker id");
    }
}
