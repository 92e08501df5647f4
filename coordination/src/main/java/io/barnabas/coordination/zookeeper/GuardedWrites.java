// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.ControllerFencedException;
import io.barnabas.coordination.store.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** Transactions that only happen while the controller's term lasts: each checks {@code /controller_epoch}. */
final class GuardedWrites {
    private final Nodes nodes;

    GuardedWrites(Nodes nodes) {
        this.nodes = nodes;
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
    record Outcome(Code code, List<OpResult> results, boolean fenced, boolean repeated, String path) {
        boolean isOk() {
            return code == Code.OK;
        }

        /** This outcome if it is good, else the failure that fits. */
        Outcome orThrow() {
            if (fenced) {
                throw fencedFailure();
            }
            if (!isOk()) {
                throw Answer.failure(code, path);
            }
            return this;
        }

        ControllerFencedException fencedFailure() {
            return new ControllerFencedException(path + ": the controller's term is over");
        }

        /** The new version a {@code setData} at that position made. */
        int versionAt(int index) {
            return ((OpResult.SetDataResult) results.get(index)).getStat().getVersion();
        }
    }

    /** @param controllerEpochZkVersion the term, {@link Versions#ANY} for no check */
    CompletableFuture<Outcome> write(String about, int controllerEpochZkVersion, List<Op> ops) {
        boolean checked = controllerEpochZkVersion != Versions.ANY;
        List<Op> all = new ArrayList<>(ops.size() + 1);
        if (checked) {
            all.add(Op.check(ZnodePaths.CONTROLLER_EPOCH, controllerEpochZkVersion));
        }
        all.addAll(ops);
        return nodes.multi(about, all).thenApply(answer -> outcome(answer, checked));
    }

    private static Outcome outcome(Answer<List<OpResult>> answer, boolean checked) {
        List<OpResult> results = answer.value() == null ? List.of() : answer.value();
        boolean fenced = checked && !answer.isOk() && !results.isEmpty() && isRefusal(results.get(0));
        List<OpResult> own = checked && !results.isEmpty() ? results.subList(1, results.size()) : results;
        return new Outcome(answer.code(), own, fenced, answer.repeated(), answer.path());
    }

    private static boolean isRefusal(OpResult check) {
        if (check instanceof OpResult.ErrorResult error) {
            Code code = Code.get(error.getErr());
            return code == Code.BADVERSION || code == Code.NONODE;
        }
        return false;
    }
}
