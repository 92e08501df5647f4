// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.store.error.VersionConflictException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * What ZooKeeper answered.
 *
 * @param code its result code; never one of lost connections or sessions, which are failures of the future
 * @param value data, children, created path or results of a transaction, null where there is none
 * @param stat the node's stat where the request gives one
 * @param repeated whether the request was sent before and that reply was lost, so that an error may be the effect of our own
 *     first attempt
 * @param path what the request was about, for messages
 */
public record Answer<T>(Code code, T value, Stat stat, boolean repeated, String path) {
    /** Whether it did what was asked. */
    public boolean isOk() {
        return code == Code.OK;
    }

    /** Whether there is no such node. */
    public boolean isMissing() {
        return code == Code.NONODE;
    }

    /** This answer if it is good, else the failure that fits its code. */
    public Answer<T> orThrow() {
        if (!isOk()) {
            throw failure(code, path);
        }
        return this;
    }

    void orThrowUnlessMissing() {
        if (!isMissing()) {
            orThrow();
        }
    }

    /** The failure that fits a result code. */
    public static CoordinationException failure(Code code, String path) {
        return switch (code) {
            case NONODE -> new EntryMissingException(path + " does not exist");
            case NODEEXISTS -> new EntryExistsException(path + " exists already");
            case BADVERSION -> new VersionConflictException(path + " was changed meanwhile");
            default -> new CoordinationException(path + ": ZooKeeper answered " + code);
        };
    }
}
