// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.testing;

/** Makes threads for tests. */
public final class TestThreads {
    private TestThreads() {}

    public static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
