// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.List;
import java.util.Optional;

/**
 * Partitions to add to a topic.
 *
 * @param topic which
 * @param totalCount how many it is to have then
 * @param assignments the replicas of each added one, if the asker chose them
 */
public record NewPartitions(String topic, int totalCount, Optional<List<List<Integer>>> assignments) {}
