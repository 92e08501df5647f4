// SPDX-License-Identifier: Apache-2.0
/**
 * Log compaction: of the records with the same key the last one stays, under its own offset.
 *
 * <p>{@link io.barnabas.replica.log.cleaner.LogCleaner} owns a few threads; each takes the filthiest log, maps the keys
 * of its dirty part to their last offset, and copies what stays into new segments, which take the place of the old ones
 * in one step. What may be cleaned is decided in {@code CleanableRange} and {@code LogToClean}, what stays in
 * {@code Retention} and {@code TransactionTracker}; {@code CleaningLedger} keeps who works on what, and how far each log
 * is clean.
 */
package io.barnabas.replica.log.cleaner;
