// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.ElectionOutcome;
import io.barnabas.coordination.store.EntryMissingException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** {@code /controller} and {@code /controller_epoch}. */
final class ZooKeeperControllerElection implements ControllerElection {
    private static final int EPOCH_BEFORE_THE_FIRST = 0;

    private final Nodes nodes;
    private final GuardedWrites writes;
    private final ZooKeeperSession session;
    private final InstantSource clock;

    ZooKeeperControllerElection(Nodes nodes, GuardedWrites writes, ZooKeeperSession session, InstantSource clock) {
        this.nodes = nodes;
        this.writes = writes;
        this.session = session;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<OptionalInt> currentController() {
        return nodes.data(ZnodePaths.CONTROLLER).thenApply(ZooKeeperControllerElection::brokerId);
    }

    private static OptionalInt brokerId(Answer<byte[]> controller) {
        if (controller.isMissing()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(ControllerCodec.decode(controller.orThrow().value()));
    }

    @Override
    public CompletableFuture<Optional<ControllerEpoch>> currentEpoch() {
        return nodes.data(ZnodePaths.CONTROLLER_EPOCH).thenApply(answer -> {
            if (answer.isMissing()) {
                return Optional.empty();
            }
            return Optional.of(ControllerCodec.decodeEpoch(
                    answer.orThrow().value(), answer.stat().getVersion()));
        });
    }

    @Override
    public CompletableFuture<ElectionOutcome> elect(int brokerId) {
        return nodes.data(ZnodePaths.CONTROLLER).thenCompose(controller -> {
            if (controller.isMissing()) {
                return epochOrCreate().thenCompose(latest -> run(brokerId, latest));
            }
            return isOwn(controller)
                    ? replaceOwn(brokerId)
                    : CompletableFuture.completedFuture(ElectionOutcome.lost(brokerId(controller)));
        });
    }

    /**
     * Takes this session's own node away and runs again. The epoch is read before the node: if another is elected in
     * between, the removal is fenced and that one's node stays.
     */
    private CompletableFuture<ElectionOutcome> replaceOwn(int brokerId) {
        return epochOrCreate()
                .thenCompose(latest -> nodes.data(ZnodePaths.CONTROLLER).thenCompose(controller -> {
                    if (!isOwn(controller)) {
                        return CompletableFuture.completedFuture(ElectionOutcome.lost(brokerId(controller)));
                    }
                    return resign(latest.zkVersion()).thenCompose(removed -> run(brokerId, latest));
                }));
    }

    private boolean isOwn(Answer<byte[]> controller) {
        return !controller.isMissing() && controller.orThrow().stat().getEphemeralOwner() == session.sessionId();
    }

    private CompletableFuture<ControllerEpoch> epochOrCreate() {
        return currentEpoch().thenCompose(found -> {
            if (found.isPresent()) {
                return CompletableFuture.completedFuture(found.get());
            }
            byte[] data = ControllerCodec.encodeEpoch(EPOCH_BEFORE_THE_FIRST);
            return nodes.create(ZnodePaths.CONTROLLER_EPOCH, data, CreateMode.PERSISTENT)
                    .thenCompose(ignored -> currentEpoch())
                    .thenApply(created -> created.orElseThrow(
                            () -> new EntryMissingException(ZnodePaths.CONTROLLER_EPOCH + " cannot be created")));
        });
    }

    private CompletableFuture<ElectionOutcome> run(int brokerId, ControllerEpoch latest) {
        int epoch = latest.epoch() + 1;
        List<Op> ops = List.of(
                Op.setData(ZnodePaths.CONTROLLER_EPOCH, ControllerCodec.encodeEpoch(epoch), latest.zkVersion()),
                nodes.createOp(
                        ZnodePaths.CONTROLLER, ControllerCodec.encode(brokerId, clock.millis()), CreateMode.EPHEMERAL));
        return nodes.multi(ZnodePaths.CONTROLLER, ops).thenCompose(answer -> {
            if (answer.isOk()) {
                int zkVersion = ((OpResult.SetDataResult) answer.value().get(0))
                        .getStat()
                        .getVersion();
                return CompletableFuture.completedFuture(
                        ElectionOutcome.won(brokerId, new ControllerEpoch(epoch, zkVersion)));
            }
            if (answer.code() != Code.NODEEXISTS && answer.code() != Code.BADVERSION) {
                throw Answer.failure(answer.code(), ZnodePaths.CONTROLLER);
            }
            return whoWon(brokerId, epoch);
        });
    }

    /** The race is lost, unless the node is this session's and the epoch the one wanted: then only the reply was lost. */
    private CompletableFuture<ElectionOutcome> whoWon(int brokerId, int wantedEpoch) {
        return nodes.data(ZnodePaths.CONTROLLER).thenCompose(controller -> {
            if (!isOwn(controller)) {
                return CompletableFuture.completedFuture(ElectionOutcome.lost(brokerId(controller)));
            }
            return currentEpoch().thenApply(epoch -> epoch.filter(found -> found.epoch() == wantedEpoch)
                    .map(found -> ElectionOutcome.won(brokerId, found))
                    .orElseGet(() -> ElectionOutcome.lost(brokerId(controller))));
        });
    }

    @Override
    public CompletableFuture<Void> resign(int controllerEpochZkVersion) {
        List<Op> ops = List.of(Op.delete(ZnodePaths.CONTROLLER, -1));
        return writes.write(ZnodePaths.CONTROLLER, controllerEpochZkVersion, ops)
                .thenAccept(outcome -> {
                    if (outcome.fenced() || outcome.code() != Code.NONODE) {
                        outcome.orThrow();
                    }
                });
    }
}
