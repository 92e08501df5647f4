// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * A leader epoch and the offset of its first record.
 *
 * @param epoch the leader epoch
 * @param startOffset where it begins
 */
public record EpochEntry(int epoch, long startOffset) {}
