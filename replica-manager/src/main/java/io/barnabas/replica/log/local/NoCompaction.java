// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/** {@code log.cleaner.enable=false}: there is nothing to pause. */
final class NoCompaction implements Compaction {
    @Override
    public void pause(TopicPartition partition) {}

    @Override
    public void interrupt(TopicPartition partition) {}

    @Override
    public void resume(TopicPartition partition) {}

    @Override
    public void truncated(TopicPartition partition, Path logDir, long activeBaseOffset) {}

    @Override
    public void removed(TopicPartition partition, Path logDir) {}

    @Override
    public void moved(TopicPartition partition, Path from, Path to) {}

    @Override
    public void logDirFailed(Path logDir) {}

    @Override
    public void close() {}
}
