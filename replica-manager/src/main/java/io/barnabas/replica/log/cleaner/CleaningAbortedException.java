// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.cleaner;

/** The cleaning of a log is given up: it is truncated, deleted or moved, or the thread is to end. Nothing was changed. */
final class CleaningAbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CleaningAbortedException(String why) {
        super(why, null, false, false);
    }
}
