// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import java.io.IOException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over a segment after a crash: what is whole and valid is indexed and shown to a visitor. */
final class SegmentScan implements LogFile.BatchVisitor {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentScan.class);

    private final LogSegment segment;
    private final LogFile file;
    private final LogFile.BatchVisitor visitor;
    private int valid;
    private long lastOffset;

    SegmentScan(LogSegment segment, LogFile file, LogFile.BatchVisitor visitor) {
        this.segment = segment;
        this.file = file;
        this.visitor = visitor;
        this.lastOffset = segment.baseOffset() - 1;
    }

    /** Returns the number of bytes that are valid. */
    int run() throws IOException {
        try {
            file.scan(0, file.size(), this);
        } catch (CorruptRecordException | InvalidRecordException e) {
            LOG.warn(
                    "Found invalid messages in log segment {} at byte offset {}: {}",
                    file.path(),
                    valid,
                    e.getMessage());
        }
        return valid;
    }

    @Override
    public boolean visit(MutableRecordBatch batch, int position) throws IOException {
        batch.ensureValid();
        if (!segment.contains(batch.lastOffset()) || batch.lastOffset() <= lastOffset) {
            throw new CorruptRecordException("offset " + batch.lastOffset() + " does not continue after " + lastOffset);
        }
        segment.indexScanned(batch, position);
        if (!visitor.visit(batch, position)) {
            return false;
        }
        lastOffset = batch.lastOffset();
        valid = position + batch.sizeInBytes();
        return true;
    }
}
