// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.ProducerIdStore;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.error.VersionConflictException;
import io.barnabas.coordination.zookeeper.client.Bulk;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.Nodes;
import io.barnabas.coordination.zookeeper.znode.ProducerIdCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /latest_producer_id_block}. Allocations of one process follow each other: only then is a stored block that names this
 * broker, found after a lost reply, surely the one just written.
 */
final class ZooKeeperProducerIdStore implements ProducerIdStore {
    private static final String PATH = ZnodePaths.PRODUCER_IDS;
    private static final int ATTEMPTS = 1_000;

    private final Nodes nodes;
    private final GuardedWrites writes;
    private CompletableFuture<?> previous = CompletableFuture.completedFuture(null);

    ZooKeeperProducerIdStore(Nodes nodes, GuardedWrites writes) {
        this.nodes = nodes;
        this.writes = writes;
    }

    @Override
    public CompletableFuture<Optional<ProducerIdBlock>> latest() {
        return nodes.read(PATH, (data, version) -> decode(data)).thenApply(found -> found.flatMap(block -> block));
    }

    private static Optional<ProducerIdBlock> decode(byte[] data) {
        return data == null || data.length == 0 ? Optional.empty() : Optional.of(ProducerIdCodec.decode(data));
    }

    @Override
    public synchronized CompletableFuture<ProducerIdBlock> allocate(int brokerId) {
        CompletableFuture<ProducerIdBlock> next =
                previous.handle((ignored, failure) -> null).thenCompose(ignored -> allocate(brokerId, ATTEMPTS));
        previous = next;
        return next.copy();
    }

    private CompletableFuture<ProducerIdBlock> allocate(int brokerId, int attempts) {
        if (attempts == 0) {
            return CompletableFuture.failedFuture(new VersionConflictException(PATH + " keeps changing"));
        }
        return nodes.data(PATH).thenCompose(answer -> {
            if (answer.isMissing()) {
                return nodes.createRecursively(PATH, null).thenCompose(ignored -> allocate(brokerId, attempts - 1));
            }
            ProducerIdBlock block = next(brokerId, decode(answer.orThrow().value()));
            int version = answer.stat().getVersion();
            return writes.put(PATH, ProducerIdCodec.encode(block), version, Versions.ANY)
                    .thenApply(written -> block)
                    .exceptionallyCompose(failure -> Bulk.cause(failure) instanceof VersionConflictException
                            ? allocate(brokerId, attempts - 1)
                            : CompletableFuture.failedFuture(failure));
        });
    }

    private static ProducerIdBlock next(int brokerId, Optional<ProducerIdBlock> latest) {
        long first = latest.map(block -> block.lastId() + 1).orElse(0L);
        if (latest.isPresent() && latest.get().lastId() > Long.MAX_VALUE - ProducerIdBlock.SIZE) {
            throw new CoordinationException("All producer ids are used up: the last block ends with "
                    + latest.get().lastId());
        }
        return new ProducerIdBlock(brokerId, first, first + ProducerIdBlock.SIZE - 1);
    }
}
