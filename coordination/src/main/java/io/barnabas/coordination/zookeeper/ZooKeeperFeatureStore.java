// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.store.Versions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** {@code /feature}. */
final class ZooKeeperFeatureStore implements FeatureStore {
    private static final String PATH = ZnodePaths.FEATURE;

    private final Nodes nodes;
    private final GuardedWrites writes;

    ZooKeeperFeatureStore(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.writes = writes;
    }

    @Override
    public CompletableFuture<FeatureSettings> read() {
        return nodes.data(PATH).thenApply(answer -> {
            if (answer.isMissing()) {
                return FeatureSettings.ABSENT;
            }
            return FeatureCodec.decode(answer.orThrow().value(), answer.stat().getVersion());
        });
    }

    @Override
    public CompletableFuture<FeatureSettings> write(FeatureSettings settings, int controllerEpochZkVersion) {
        byte[] data = FeatureCodec.encode(settings);
        boolean creates = settings.version() == Versions.ABSENT;
        Op op = creates
                ? nodes.createOp(PATH, data, CreateMode.PERSISTENT)
                : Op.setData(PATH, data, settings.version());
        return writes.write(PATH, controllerEpochZkVersion, List.of(op)).thenCompose(outcome -> {
            if (outcome.repeated() && isConflict(outcome)) {
                return readBack(settings, outcome);
            }
            outcome.orThrow();
            return CompletableFuture.completedFuture(settings.withVersion(creates ? 0 : outcome.versionAt(0)));
        });
    }

    private static boolean isConflict(GuardedWrites.Outcome outcome) {
        return !outcome.fenced() && (outcome.code() == Code.BADVERSION || outcome.code() == Code.NODEEXISTS);
    }

    private CompletableFuture<FeatureSettings> readBack(FeatureSettings written, GuardedWrites.Outcome outcome) {
        return read().thenApply(found -> {
            if (!found.sameContent(written)) {
                outcome.orThrow();
            }
            return found;
        });
    }
}
