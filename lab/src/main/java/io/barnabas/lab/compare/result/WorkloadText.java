// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

/**
 * A workload in words.
 *
 * @param id its name on the command line
 * @param title a heading
 * @param explanation one or two sentences: what is done, what to look at
 */
public record WorkloadText(String id, String title, String explanation) {}
