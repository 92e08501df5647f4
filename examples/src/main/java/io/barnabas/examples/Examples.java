// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

import io.barnabas.examples.sales.CheckCommand;
import io.barnabas.examples.sales.StreamsCommand;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The examples behind one command line. A failure is one line on standard error and exit code 1. */
@Command(
        name = "examples.sh",
        mixinStandardHelpOptions = true,
        description = "Stock Kafka clients at work; start a cluster with bin/quickstart.sh or bin/cluster.sh up.",
        subcommands = {StreamsCommand.class, CheckCommand.class, ProducerCommand.class, ConsumerCommand.class})
public final class Examples {
    private Examples() {}

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Examples());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            report(System.err, failure);
            return 1;
        });
        System.exit(args.length == 0 ? line.execute("--help") : line.execute(args));
    }

    private static void report(PrintStream out, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        // a constructor of Kafka's says only that it failed; the reason is below
        while (cause instanceof KafkaException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        out.println("examples.sh: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }
}
