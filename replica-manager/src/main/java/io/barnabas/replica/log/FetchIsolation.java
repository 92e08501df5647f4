// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Up to where a read may see the log. */
public enum FetchIsolation {
    /** Everything: replicas. */
    LOG_END,
    /** What is committed: consumers that read uncommitted transactions. */
    HIGH_WATERMARK,
    /** What is below the last stable offset, with the list of aborted transactions: {@code read_committed}. */
    TXN_COMMITTED
}
