// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

/** Something every system has to do, on clusters the workload starts itself. */
public interface Workload {
    /** Its name on the command line. */
    String id();

    /** Does it once on the bench's system, and records what was measured. */
    void run(Bench bench) throws Exception;
}
