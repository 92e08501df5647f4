// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.CoordinationException;
import io.barnabas.coordination.store.ProducerIdBlock;
import io.barnabas.coordination.store.ProducerIdStore;
import io.barnabas.coordination.store.VersionConflictException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;

/**
 * {@code /latest_producer_id_block}. Allocations of one process follow each other: only then is a stored block that names this
 * broker, found after a lost reply, surely the one just written.
 */
final class ZooKeeperProducerIdStore implements ProducerIdStore {
    private static final String PATH = ZnodePaths.PRODUCER_IDS;
    private static final int ATTEMPTS = 1_000;

    private final Nodes nodes;
    private final Object lock = new Object();
    private CompletableFuture<?> previous = CompletableFuture.completedFuture(null);

    ZooKeeperProducerIdStore(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public CompletableFuture<Optional<ProducerIdBlock>> latest() {
        return nodes.data(PATH)
                .thenApply(answer -> answer.isMissing()
                        ? Optional.empty()
                        : decode(answer.orThrow().value()));
    }

    private static Optional<ProducerIdBlock> decode(byte[] data) {
        return data == null || data.length == 0 ? Optional.empty() : Optional.of(ProducerIdCodec.decode(data));
    }

    @Override
    public CompletableFuture<ProducerIdBlock> allocate(int brokerId) {
        CompletableFuture<ProducerIdBlock> next = new CompletableFuture<>();
        CompletableFuture<?> before;
        synchronized (lock) {
            before = previous;
            previous = next;
        }
        before.whenComplete((ignored, failure) -> allocate(brokerId, ATTEMPTS).whenComplete((block, failed) -> {
            if (failed == null) {
                next.complete(block);
            } else {
                next.completeExceptionally(Futures.cause(failed));
            }
        }));
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
            return write(block, answer.stat().getVersion())
                    .thenCompose(written ->
                            written ? CompletableFuture.completedFuture(block) : allocate(brokerId, attempts - 1));
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

    private CompletableFuture<Boolean> write(ProducerIdBlock block, int version) {
        byte[] data = ProducerIdCodec.encode(block);
        return nodes.setData(PATH, data, version).thenCompose(answer -> {
            if (answer.isOk()) {
                return CompletableFuture.completedFuture(true);
            }
            if (answer.code() != Code.BADVERSION) {
                throw Answer.failure(answer.code(), PATH);
            }
            if (!answer.repeated()) {
                return CompletableFuture.completedFuture(false);
            }
            return nodes.data(PATH).thenApply(found -> found.isOk() && Arrays.equals(found.value(), data));
        });
    }
}
