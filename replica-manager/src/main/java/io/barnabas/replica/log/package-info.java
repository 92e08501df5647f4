// SPDX-License-Identifier: Apache-2.0
/** One replica's log on disk: segments, indexes, recovery, retention, compaction, producer state, checkpoints. */
package io.barnabas.replica.log;
