// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.Versions;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.api.transaction.OperationType;
import org.apache.curator.framework.api.transaction.TypeAndPath;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** Transactions that only happen while the controller's term lasts: each checks {@code /controller_epoch}. */
public final class GuardedWrites {
    private final Nodes nodes;

    GuardedWrites(Nodes nodes) {
        this.nodes = nodes;
    }

    /** One operation of a transaction, made anew each time the transaction is sent. */
    @FunctionalInterface
    public interface Operation {
        /** Makes it, with the ACL a new node gets. */
        CuratorOp with(ACLProvider acls);
    }

    /** To create a node. */
    public static Operation create(String path, byte[] data, CreateMode mode) {
        return acls -> new Ready(OperationType.CREATE, path, Op.create(path, data, acls.getAclForPath(path), mode));
    }

    /** To create a persistent node. */
    public static Operation create(String path, byte[] data) {
        return create(path, data, CreateMode.PERSISTENT);
    }

    /** To replace a node's data on the condition of its version, {@link Versions#ANY} for none. */
    public static Operation set(String path, byte[] data, int version) {
        return acls -> new Ready(OperationType.SET_DATA, path, Op.setData(path, data, version));
    }

    /** To delete a node, whatever its version. */
    public static Operation delete(String path) {
        return acls -> new Ready(OperationType.DELETE, path, Op.delete(path, Versions.ANY));
    }

    /** Made without the framework's builders, which look two loggers up for each node to create. */
    private record Ready(OperationType type, String path, Op op) implements CuratorOp {
        @Override
        public TypeAndPath getTypeAndPath() {
            return new TypeAndPath(type, path);
        }

        @Override
        public Op get() {
            return op;
        }
    }

    /**
     * How a guarded transaction ended.
     *
     * @param code OK, or the code of the first operation that failed, or BADVERSION if fenced
     * @param results one per operation asked for, without the check
     * @param fenced whether the term is over
     * @param repeated see {@link Answer#repeated()}
     * @param path what it was about
     */
    public record Outcome(
            Code code, List<CuratorTransactionResult> results, boolean fenced, boolean repeated, String path) {
        /** Whether it happened. */
        public boolean isOk() {
            return code == Code.OK;
        }

        /** Whether a node of it was missing, and not the controller's term over. */
        public boolean isMissing() {
            return !fenced && code == Code.NONODE;
        }

        /** Whether it was refused for another version or an existing node, and not for the controller's term. */
        public boolean isConflict() {
            return !fenced && (code == Code.BADVERSION || code == Code.NODEEXISTS);
        }

        /** This outcome if it is good, else the failure that fits. */
        public Outcome orThrow() {
            if (fenced) {
                throw new ControllerFencedException(path + ": the controller's term is over");
            }
            if (!isOk()) {
                throw Answer.failure(code, path);
            }
            return this;
        }

        /** The version an operation that replaced data made. */
        public int versionAt(int index) {
            return results.get(index).getResultStat().getVersion();
        }
    }

    /** @param controllerEpochZkVersion the term, {@link Versions#ANY} for no check */
    public CompletableFuture<Outcome> write(String about, int controllerEpochZkVersion, List<Operation> operations) {
        boolean checked = controllerEpochZkVersion != Versions.ANY;
        List<Operation> all = new ArrayList<>(operations.size() + 1);
        if (checked) {
            Op check = Op.check(ZnodePaths.CONTROLLER_EPOCH, controllerEpochZkVersion);
            all.add(acls -> new Ready(OperationType.CHECK, ZnodePaths.CONTROLLER_EPOCH, check));
        }
        all.addAll(operations);
        return nodes.transaction(about, all).thenApply(answer -> outcome(answer, checked));
    }

    private static Outcome outcome(Answer<List<CuratorTransactionResult>> answer, boolean checked) {
        List<CuratorTransactionResult> results = answer.value() == null ? List.of() : answer.value();
        boolean fenced = checked && !answer.isOk() && !results.isEmpty() && isRefusal(results.get(0));
        List<CuratorTransactionResult> own =
                checked && !results.isEmpty() ? results.subList(1, results.size()) : results;
        return new Outcome(answer.code(), own, fenced, answer.repeated(), answer.path());
    }

    private static boolean isRefusal(CuratorTransactionResult check) {
        Code code = Code.get(check.getError());
        return code == Code.BADVERSION || code == Code.NONODE;
    }

    /**
     * Creates a node ({@link Versions#ABSENT}) or replaces its data on the condition of its version ({@link Versions#ANY}: none).
     * A refusal after a lost reply was our own earlier attempt's doing if what is stored is what it would have written.
     *
     * @return the node's version now
     */
    public CompletableFuture<Integer> put(String path, byte[] data, int version, int controllerEpochZkVersion) {
        boolean creates = version == Versions.ABSENT;
        return putOnce(path, data, version, controllerEpochZkVersion).thenCompose(outcome -> {
            if (outcome.repeated() && outcome.isConflict()) {
                return nodes.data(path).thenApply(found -> {
                    boolean ours = found.isOk()
                            && found.stat().getVersion() == (creates ? 0 : version + 1)
                            && Arrays.equals(found.value(), data);
                    return ours ? found.stat().getVersion() : outcome.orThrow().versionAt(0);
                });
            }
            outcome.orThrow();
            return CompletableFuture.completedFuture(creates ? 0 : outcome.versionAt(0));
        });
    }

    /** Without a term to check, a transaction would only cost the ensemble more than the plain request. */
    private CompletableFuture<Outcome> putOnce(String path, byte[] data, int version, int epochZkVersion) {
        boolean creates = version == Versions.ABSENT;
        if (epochZkVersion != Versions.ANY) {
            return write(path, epochZkVersion, List.of(creates ? create(path, data) : set(path, data, version)));
        }
        CompletableFuture<? extends Answer<?>> plain =
                creates ? nodes.create(path, data, CreateMode.PERSISTENT) : nodes.setData(path, data, version);
        return plain.thenApply(answer -> {
            var result = new CuratorTransactionResult(OperationType.SET_DATA, path, path, answer.stat());
            return new Outcome(answer.code(), List.of(result), false, answer.repeated(), path);
        });
    }

    /** Deletes a node; one already gone is no error. */
    public CompletableFuture<Void> remove(String path, int controllerEpochZkVersion) {
        return write(path, controllerEpochZkVersion, List.of(delete(path))).thenAccept(outcome -> {
            if (!outcome.isMissing()) {
                outcome.orThrow();
            }
        });
    }
}
