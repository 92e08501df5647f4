// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import io.barnabas.replica.log.FetchIsolation;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Whether a batch begins at an offset. */
final class TestBatchEnds {
    private TestBatchEnds() {}

    static boolean isBoundary(LocalPartitionLog log, long offset) {
        try {
            return log.read(offset, 1, FetchIsolation.LOG_END, true)
                            .records()
                            .toMemoryRecords()
                            .firstBatch()
                            .baseOffset()
                    == offset;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
