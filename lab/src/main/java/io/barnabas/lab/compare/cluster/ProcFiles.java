// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what Linux tells of a process, or of one of its threads, in its directory under {@code /proc}. */
final class ProcFiles {
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private ProcFiles() {}

    /**
     * From {@code stat}.
     *
     * @param name of the command or the thread, its first 15 characters
     * @param userTicks time spent in itself, in hundredths of a second
     * @param systemTicks time the kernel spent for it
     */
    record Stat(String name, long userTicks, long systemTicks) {
        long ticks() {
            return userTicks + systemTicks;
        }
    }

    static Stat stat(Path directory) throws IOException {
        String stat = Files.readString(directory.resolve("stat"));
        // the second field, the name in parentheses, may hold blanks; count from behind it
        int end = stat.lastIndexOf(')');
        String[] fields = stat.substring(end + 2).split(" ");
        return new Stat(
                stat.substring(stat.indexOf('(') + 1, end),
                Long.parseLong(fields[USER_TIME]),
                Long.parseLong(fields[SYSTEM_TIME]));
    }

    /** The number behind a name in a file of such lines, 0 without one. */
    static long value(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name)) {
                return Long.parseLong(
                        line.substring(name.length()).replace("kB", "").trim());
            }
        }
        return 0;
    }
}
