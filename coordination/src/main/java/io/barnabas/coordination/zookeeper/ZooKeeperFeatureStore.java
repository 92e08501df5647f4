// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.FeatureCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.concurrent.CompletableFuture;

/** {@code /feature}. */
record ZooKeeperFeatureStore(Nodes nodes, GuardedWrites writes) implements FeatureStore {
    @Override
    public CompletableFuture<FeatureSettings> read() {
        return nodes.read(ZnodePaths.FEATURE, FeatureCodec::decode)
                .thenApply(found -> found.orElse(FeatureSettings.ABSENT));
    }

    @Override
    public CompletableFuture<FeatureSettings> write(FeatureSettings settings, int controllerEpochZkVersion) {
        byte[] data = FeatureCodec.encode(settings);
        return writes.put(ZnodePaths.FEATURE, data, settings.version(), controllerEpochZkVersion)
                .thenApply(settings::withVersion);
    }
}
