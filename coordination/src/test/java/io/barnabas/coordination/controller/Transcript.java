// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.ReplicaAssignment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a scenario does, line by line, compared with a text under {@code src/test/resources/controller}. Run with
 * {@code -Dtranscripts.write=true} to write the texts anew, then review what changed.
 */
final class Transcript {
    private final StringBuilder lines = new StringBuilder();

    void add(String line) {
        lines.append(line).append('\n');
    }

    void title(String what) {
        lines.append(lines.isEmpty() ? "" : "\n").append("# ").append(what).append('\n');
    }

    List<String> lines() {
        return lines.toString().lines().toList();
    }

    void assertMatches(String name) {
        if (Boolean.getBoolean("transcripts.write")) {
            try {
                Files.writeString(Path.of("src/test/resources/controller", name + ".txt"), lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return;
        }
        assertThat(lines.toString()).isEqualTo(read("/controller/" + name + ".txt"));
    }

    private static String read(String resource) {
        try (InputStream text = Transcript.class.getResourceAsStream(resource)) {
            assertThat(text).as("resource " + resource).isNotNull();
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String shown(LeaderAndIsr state) {
        return "leader=" + state.leader() + " epoch=" + state.leaderEpoch() + " isr=" + state.isr() + " v"
                + state.partitionEpoch()
                + (state.recoveryState().value() == 0 ? "" : " " + state.recoveryState());
    }

    static String shown(ReplicaAssignment assignment) {
        return assignment.replicas()
                + (assignment.isBeingReassigned() ? "+" + assignment.adding() + "-" + assignment.removing() : "");
    }

    static String shown(Map<Integer, ReplicaAssignment> partitions) {
        StringBuilder shown = new StringBuilder();
        partitions.forEach((id, assignment) ->
                shown.append(shown.isEmpty() ? "" : " ").append(id).append(':').append(shown(assignment)));
        return shown.toString();
    }
}
