// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.util.Map;

/**
 * The figures of one case of one workload on one system in one round.
 *
 * @param workload the workload's name on the command line
 * @param variant which of its cases
 * @param round from 1
 * @param figures what was measured
 */
public record Sample(String workload, String variant, Product product, int round, Map<Metric, Double> figures) {}
