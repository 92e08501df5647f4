// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/** Turns an answer into what is written to the socket: buffers and file regions that make up one frame. */
public final class ResponseEncoder {
    private ResponseEncoder() {}

    /**
     * Encodes an answer.
     *
     * @param request the header of the request it answers
     * @param version the version the body is written in
     * @return the parts of the frame in order; the caller owns them
     * @throws RuntimeException if the answer cannot be written at that version, or its records cannot be read
     */
    public static List<Object> encode(
            ByteBufAllocator allocator, RequestHeader request, AbstractResponse response, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ResponseHeader header = request.toResponseHeader();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.data().addSize(size, cache, header.headerVersion());
        response.data().addSize(size, cache, version);
        int frameBytes = size.totalSize();
        int recordBytes = frameBytes - size.sizeExcludingZeroCopy();
        int firstCapacity = Integer.BYTES
                + size.sizeExcludingZeroCopy()
                + Math.min(recordBytes, ByteBufWritable.MAX_COPIED_RECORDS_BYTES);
        ByteBufWritable out = new ByteBufWritable(allocator, firstCapacity);
        boolean written = false;
        try {
            out.writeInt(frameBytes);
            header.data().write(out, cache, header.headerVersion());
            response.data().write(out, cache, version);
            if (out.totalBytes() != (long) Integer.BYTES + frameBytes) {
                throw new IllegalStateException(
                        "an answer of " + frameBytes + " bytes was written as " + (out.totalBytes() - Integer.BYTES));
            }
            written = true;
            return out.finish();
        } finally {
            if (!written) {
                out.discard();
            }
        }
    }
}
