// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

/**
 * Where a batch lies in a segment's file.
 *
 * @param baseOffset its first offset (for formats 0 and 1 its last)
 * @param lastOffset its last offset
 * @param position its first byte
 * @param sizeInBytes header included
 */
public record BatchPosition(long baseOffset, long lastOffset, int position, int sizeInBytes) {}
