// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A workload in words. A report says of it only what the cases that were measured bear out.
 *
 * @param id its name on the command line
 * @param title a heading
 * @param sentences what is done, what to look at
 * @param proof what is known of the records that were written
 * @param plotted which figures get a plot of their own, the others are in the tables only
 */
public record WorkloadText(String id, String title, List<Sentence> sentences, Proof proof, List<Metric> plotted) {
    /** What is known of acknowledged records when nothing went wrong. */
    public enum Proof {
        /** Nothing is written, or nothing is looked for. */
        NONE,
        /** Each was read back, maybe more than once. */
        READ,
        /** Each was read back once, with all its bytes. */
        EXACT
    }

    /**
     * A part of the explanation.
     *
     * @param text one sentence or several
     * @param about part of a case's name: said only if such a case was measured; empty for always
     */
    public record Sentence(String text, String about) {}

    /** A sentence that is true of every case. */
    public static Sentence always(String text) {
        return new Sentence(text, "");
    }

    /** A sentence about the cases whose name contains something. */
    public static Sentence about(String about, String text) {
        return new Sentence(text, about);
    }

    /** @param variants the cases that were measured */
    public String explanation(Set<String> variants) {
        return sentences.stream()
                .filter(each -> variants.stream().anyMatch(variant -> variant.contains(each.about())))
                .map(Sentence::text)
                .collect(Collectors.joining(" "));
    }
}
