// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes logs called {@code -delete} after {@code file.delete.delay.ms}. */
final class LogDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(LogDeletion.class);

    private final LogEnvironment environment;

    LogDeletion(LogEnvironment environment) {
        this.environment = environment;
    }

    void deleteLater(LocalPartitionLog log) {
        long delayMs = log.config().fileDeleteDelayMs();
        try {
            environment.background().schedule(() -> delete(log), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is left to the next start", log, e);
        }
    }

    private void delete(LocalPartitionLog log) {
        try {
            log.delete();
            LOG.info("Deleted log for partition {} in {}.", log.topicPartition(), log.directory());
        } catch (IOException e) {
            environment.failures().failed(log.logDir(), "Error while deleting " + log.directory(), e);
        }
    }
}
