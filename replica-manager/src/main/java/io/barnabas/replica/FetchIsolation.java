// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

/** How far a reader may read. */
public enum FetchIsolation {
    /** To the log's end: replicas and loading coordinators. */
    LOG_END,
    /** To the high watermark: consumers. */
    HIGH_WATERMARK,
    /** To the last stable offset: consumers with {@code isolation.level=read_committed}. */
    COMMITTED
}
