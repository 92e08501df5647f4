// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.barnabas.replica.log.FileSlice;
import io.netty.channel.DefaultFileRegion;

/** A slice of a segment's file, sent by the kernel. The file is the segment's and stays open. */
public final class FileSliceRegion extends DefaultFileRegion {
    FileSliceRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeInBytes());
    }

    @Override
    protected void deallocate() {
        // the segment closes its file
    }
}
