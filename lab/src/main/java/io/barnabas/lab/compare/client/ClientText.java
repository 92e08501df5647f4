// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.client;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;

/** A process that writes and reads, in a report's words: its client library and its JVM, as they are. */
public final class ClientText {
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    private ClientText() {}

    /** The process this is called in. */
    public static String ofThisProcess() {
        return of(
                AppInfoParser.getVersion(), ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /** @param jvmArguments as given to the JVM; later ones count */
    static String of(String libraryVersion, List<String> jvmArguments) {
        String options = jvmArguments.stream()
                .filter(argument -> argument.startsWith("-X"))
                .collect(Collectors.joining(" "));
        String compilers = jvmArguments.contains(FIRST_COMPILER_ONLY) ? "the first compiler only" : "both compilers";
        return "kafka-clients " + libraryVersion + ", JVM with " + compilers
                + (options.isEmpty() ? "" : " (" + options + ")");
    }
}
