// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;

/**
 * The compression batches are stored with: {@code compression.type} with its level ({@code compression.gzip.level},
 * {@code compression.lz4.level}, {@code compression.zstd.level}; KIP-390).
 *
 * @param target the compression the broker stores, empty to keep what the producer chose
 */
public record LogCompression(Optional<Compression> target) {
    /** {@code producer}: batches are stored as they come. */
    public static final LogCompression PRODUCER = new LogCompression(Optional.empty());

    public LogCompression {
        Objects.requireNonNull(target, "target");
    }

    /** Compresses what is appended by this codec. */
    public static LogCompression of(Compression compression) {
        return new LogCompression(Optional.of(compression));
    }

    /** The type a batch that came with {@code source} is stored with. */
    public CompressionType typeFor(CompressionType source) {
        return target.isPresent() ? target.get().type() : source;
    }

    /** How to compress a batch that came with {@code source}. */
    public Compression compressionFor(CompressionType source) {
        return target.isPresent() ? target.get() : Compression.of(source).build();
    }
}
