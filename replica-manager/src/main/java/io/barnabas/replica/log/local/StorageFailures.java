// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import java.nio.file.Path;

/** Where logs report IO errors. Must return at once: it is called under a log's lock. */
@FunctionalInterface
public interface StorageFailures {
    /**
     * @param logDir the directory that failed
     * @param what what was being done
     * @param cause the error
     */
    void failed(Path logDir, String what, Throwable cause);
}
