// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.ElectionOutcome;
import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.GuardedWrites;
import io.barnabas.coordination.zookeeper.client.ZooKeeperClient;
import io.barnabas.coordination.zookeeper.znode.ControllerCodec;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/** {@code /controller} and {@code /controller_epoch}. */
record ZooKeeperControllerElection(ZooKeeperClient client, InstantSource clock) implements ControllerElection {
    private static final int EPOCH_BEFORE_THE_FIRST = 0;

    @Override
    public CompletableFuture<OptionalInt> currentController() {
        return controllerNode().thenApply(ZooKeeperControllerElection::brokerId);
    }

    private CompletableFuture<Answer<byte[]>> controllerNode() {
        return client.nodes().data(ZnodePaths.CONTROLLER);
    }

    private static OptionalInt brokerId(Answer<byte[]> controller) {
        if (controller.isMissing()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(ControllerCodec.decode(controller.orThrow().value()));
    }

    @Override
    public CompletableFuture<Optional<ControllerEpoch>> currentEpoch() {
        return client.nodes().read(ZnodePaths.CONTROLLER_EPOCH, ControllerCodec::decodeEpoch);
    }

    @Override
    public CompletableFuture<ElectionOutcome> elect(int brokerId) {
        return controllerNode().thenCompose(controller -> {
            if (controller.isMissing()) {
                return epochOrCreate().thenCompose(latest -> run(brokerId, latest));
            }
            return isOwn(controller) ? replaceOwn(brokerId) : lost(controller);
        });
    }

    private static CompletableFuture<ElectionOutcome> lost(Answer<byte[]> controller) {
        return CompletableFuture.completedFuture(ElectionOutcome.lost(brokerId(controller)));
    }

    /**
     * Takes this session's own node away and runs again. The epoch is read before the node: if another is elected in
     * between, the removal is fenced and that one's node stays.
     */
    private CompletableFuture<ElectionOutcome> replaceOwn(int brokerId) {
        return epochOrCreate().thenCompose(latest -> controllerNode()
                .thenCompose(controller -> isOwn(controller)
                        ? resign(latest.zkVersion()).thenCompose(removed -> run(brokerId, latest))
                        : lost(controller)));
    }

    private boolean isOwn(Answer<byte[]> controller) {
        return !controller.isMissing()
                && controller.orThrow().stat().getEphemeralOwner()
                        == client.session().sessionId();
    }

    private CompletableFuture<ControllerEpoch> epochOrCreate() {
        return currentEpoch().thenCompose(found -> {
            if (found.isPresent()) {
                return CompletableFuture.completedFuture(found.get());
            }
            byte[] data = ControllerCodec.encodeEpoch(EPOCH_BEFORE_THE_FIRST);
            return client.nodes()
                    .create(ZnodePaths.CONTROLLER_EPOCH, data, CreateMode.PERSISTENT)
                    .thenCompose(ignored -> currentEpoch())
                    .thenApply(created -> created.orElseThrow(
                            () -> new EntryMissingException(ZnodePaths.CONTROLLER_EPOCH + " cannot be created")));
        });
    }

    private CompletableFuture<ElectionOutcome> run(int brokerId, ControllerEpoch latest) {
        int epoch = latest.epoch() + 1;
        byte[] controller = ControllerCodec.encode(brokerId, clock.millis());
        List<GuardedWrites.Operation> ops = List.of(
                GuardedWrites.set(ZnodePaths.CONTROLLER_EPOCH, ControllerCodec.encodeEpoch(epoch), latest.zkVersion()),
                GuardedWrites.create(ZnodePaths.CONTROLLER, controller, CreateMode.EPHEMERAL));
        return client.writes()
                .write(ZnodePaths.CONTROLLER, Versions.ANY, ops)
                .thenCompose(outcome -> outcome.isConflict()
                        ? whoWon(brokerId, epoch)
                        : CompletableFuture.completedFuture(ElectionOutcome.won(
                                brokerId,
                                new ControllerEpoch(epoch, outcome.orThrow().versionAt(0)))));
    }

    /** The race is lost, unless the node is this session's and the epoch the one wanted: then only the reply was lost. */
    private CompletableFuture<ElectionOutcome> whoWon(int brokerId, int wantedEpoch) {
        return controllerNode().thenCompose(controller -> {
            if (!isOwn(controller)) {
                return lost(controller);
            }
            return currentEpoch().thenApply(epoch -> epoch.filter(found -> found.epoch() == wantedEpoch)
                    .map(found -> ElectionOutcome.won(brokerId, found))
                    .orElseGet(() -> ElectionOutcome.lost(brokerId(controller))));
        });
    }

    @Override
    public CompletableFuture<Void> resign(int controllerEpochZkVersion) {
        return client.writes().remove(ZnodePaths.CONTROLLER, controllerEpochZkVersion);
    }

    /** The epoch is read first: if another term begins after that, the removal is fenced. */
    @Override
    public CompletableFuture<Boolean> endTermOf(BrokerIncarnation deadController) {
        return currentEpoch()
                .thenCompose(epoch -> epoch.isEmpty()
                        ? CompletableFuture.completedFuture(false)
                        : isIncarnationOfController(deadController)
                                .thenCompose(
                                        same -> same ? remove(epoch.get()) : CompletableFuture.completedFuture(false)));
    }

    /** One session holds both nodes, and the registration is the incarnation's. */
    private CompletableFuture<Boolean> isIncarnationOfController(BrokerIncarnation broker) {
        return controllerNode()
                .thenCombine(client.nodes().stat(ZnodePaths.broker(broker.id())), (controller, registration) -> {
                    if (controller.isMissing() || registration.isMissing()) {
                        return false;
                    }
                    Stat registered = registration.orThrow().stat();
                    return ControllerCodec.decode(controller.orThrow().value()) == broker.id()
                            && registered.getCzxid() == broker.epoch()
                            && registered.getEphemeralOwner()
                                    == controller.stat().getEphemeralOwner();
                });
    }

    private CompletableFuture<Boolean> remove(ControllerEpoch term) {
        return client.writes()
                .write(ZnodePaths.CONTROLLER, term.zkVersion(), List.of(GuardedWrites.delete(ZnodePaths.CONTROLLER)))
                .thenApply(outcome -> {
                    if (outcome.fenced() || outcome.isMissing()) {
                        return false;
                    }
                    outcome.orThrow();
                    return true;
                });
    }
}
