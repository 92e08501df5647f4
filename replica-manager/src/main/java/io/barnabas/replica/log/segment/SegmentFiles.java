// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.segment;

import java.nio.file.Path;
import java.util.OptionalLong;

/** How the files of a segment are called: 20 digits of base offset, and a suffix. */
public final class SegmentFiles {
    public static final String LOG = ".log";
    public static final String INDEX = ".index";
    public static final String TIME_INDEX = ".timeindex";
    public static final String TXN_INDEX = ".txnindex";
    /** Removed from the log, to be deleted. */
    public static final String DELETED = ".deleted";
    /** Being written by the cleaner. */
    public static final String CLEANED = ".cleaned";
    /** Written, about to take the place of other segments. */
    public static final String SWAP = ".swap";

    private static final int DIGITS = 20;

    private SegmentFiles() {}

    /** The name of one of a segment's files. */
    public static Path file(Path directory, long baseOffset, String type, String suffix) {
        return directory.resolve(prefix(baseOffset) + type + suffix);
    }

    /** The 20 digits. */
    public static String prefix(long baseOffset) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The base offset in a file's name, if it begins with digits and a dot. */
    public static OptionalLong baseOffset(String fileName) {
        int dot = fileName.indexOf('.');
        if (dot <= 0 || dot > DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < dot; i++) {
            if (!Character.isDigit(fileName.charAt(i))) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(fileName.substring(0, dot)));
    }

    /** Whether this is a segment's file of batches, without further suffix. */
    public static boolean isLog(String fileName) {
        return fileName.endsWith(LOG);
    }

    /** Whether this is one of a segment's indexes, without further suffix. */
    public static boolean isIndex(String fileName) {
        return fileName.endsWith(INDEX) || fileName.endsWith(TIME_INDEX) || fileName.endsWith(TXN_INDEX);
    }
}
