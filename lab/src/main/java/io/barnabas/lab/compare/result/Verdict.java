// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.result.WorkloadText.Proof;
import java.util.List;
import java.util.stream.Collectors;

/** What a report says of the records when nothing went wrong: no more than the workloads that ran have looked at. */
final class Verdict {
    private final Results results;
    private final List<WorkloadText> texts;

    Verdict(Results results, List<WorkloadText> texts) {
        this.results = results;
        this.texts = texts;
    }

    /** One line. */
    String line() {
        String exact = measured(Proof.EXACT);
        String read = measured(Proof.READ);
        if (exact.isEmpty() && read.isEmpty()) {
            return "Nothing went wrong. No records were read back.";
        }
        String first = exact.isEmpty()
                ? ""
                : "Every acknowledged record of the measured topics was read back, once and intact: " + exact + ".";
        String second = read.isEmpty() ? "" : "Every acknowledged record was read back at least once: " + read + ".";
        return (first + " " + second).strip();
    }

    private String measured(Proof proof) {
        return texts.stream()
                .filter(text ->
                        text.proof() == proof && !results.variants(text.id()).isEmpty())
                .map(WorkloadText::id)
                .collect(Collectors.joining(", "));
    }
}
