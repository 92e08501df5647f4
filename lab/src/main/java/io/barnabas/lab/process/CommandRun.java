// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran to its end, and what it said.
 *
 * @param command what was run
 * @param exitCode its exit code, -1 if it had to be killed
 * @param out standard output
 * @param err standard error
 * @param took how long it ran
 */
public record CommandRun(List<String> command, int exitCode, List<String> out, List<String> err, Duration took) {
    /**
     * Runs a program without input, or with the given one.
     *
     * @param input what it reads on standard input
     * @param limit after which it is killed
     */
    public static CommandRun of(
            List<String> command, Map<String, String> environment, String input, Path scratch, Duration limit) {
        try {
            Path in = Files.writeString(Files.createTempFile(scratch, "run", ".in"), input);
            Path out = Files.createTempFile(scratch, "run", ".out");
            Path err = Files.createTempFile(scratch, "run", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            long begun = System.nanoTime();
            Process process = builder.start();
            int exitCode = exitCode(process, limit);
            return new CommandRun(
                    List.copyOf(command),
                    exitCode,
                    Files.readAllLines(out),
                    Files.readAllLines(err),
                    Duration.ofNanos(System.nanoTime() - begun));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exitCode(Process process, Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return -1;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nended with " + exitCode + " after " + took.toMillis() + " ms\n--- out\n"
                + String.join("\n", out) + "\n--- err\n" + String.join("\n", err);
    }
}
