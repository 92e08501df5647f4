// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import java.util.List;

/**
 * A workload in words.
 *
 * @param id its name on the command line
 * @param title a heading
 * @param explanation one or two sentences: what is done, what to look at
 * @param plotted which figures get a plot of their own, the others are in the tables only
 */
public record WorkloadText(String id, String title, String explanation, List<Metric> plotted) {}
