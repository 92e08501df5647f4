// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

/** Whether a log is in use. */
enum LogStatus {
    OPEN,
    /** On its way out under another name: read as before, but no background work, and errors are its own. */
    RETIRED,
    /** An IO error was met, or its directory is offline: nothing can be done with it. */
    FAILED,
    /** Closed or deleted. */
    CLOSED
}
